"""Judges mixtures of tables by NumPy's float64 and by scikit-learn.

Reads tables, parameters and likelihoods; prints a line for each table: the differences of the mean
and of the worst row from NumPy's log-likelihood, and the gain over scikit-learn, in nats per row.
"""

import sys, warnings
import numpy as np
from sklearn.mixture import GaussianMixture
warnings.filterwarnings('ignore')
source = sys.stdin.buffer
def take(*shape):
    count = int(np.prod(shape))
    return np.frombuffer(source.read(8 * count), dtype='<f8').reshape(shape)
def density(rows, weights, means, loadings, noise):
    joint = np.empty((len(rows), len(means)))
    for k in range(len(means)):
        unit = np.sqrt(noise[k] + (loadings[k] ** 2).sum(0))
        a = loadings[k] / unit
        lower = np.linalg.cholesky(a.T @ a + np.diag(noise[k] / unit ** 2))
        z = np.linalg.solve(lower, ((rows - means[k]) / unit).T)
        joint[:, k] = weights[k] - (z ** 2).sum(0) / 2 - np.log(np.diag(lower) * unit).sum()
    top = joint.max(1)
    total = top + np.log(np.exp(joint - top[:, None]).sum(1))
    return total - rows.shape[1] * np.log(2 * np.pi) / 2
while True:
    head = source.read(48)
    if len(head) < 48:
        break
    n, held, d, K, l, floor = np.frombuffer(head, dtype='<f8')
    n, held, d, K, l = int(n), int(held), int(d), int(K), int(l)
    rows, test = take(n, d), take(held, d)
    model = take(K), take(K, d), take(K, l, d), take(K, d)
    scores, told = take(held), take(1)[0]
    truth = density(test, *model)
    mean, unit = rows.mean(0), rows.std(0)
    unit[unit == 0] = 1
    rival = GaussianMixture(K, covariance_type='diag', reg_covar=floor, random_state=0)
    rival.fit((rows - mean) / unit)
    theirs = rival.score((test - mean) / unit) - np.log(unit).sum()
    fitted = density(rows, *model).mean()
    print(abs(told - fitted), abs(scores - truth).max(), truth.mean() - theirs)
