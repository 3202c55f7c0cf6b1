"""k-means of rows of bytes by scikit-learn; prints seconds, inertia and version."""

import sys, time
import numpy, sklearn
from sklearn.cluster import KMeans
rows, clusters, restarts = (int(text) for text in sys.argv[1:])
pixels = numpy.frombuffer(sys.stdin.buffer.read(), dtype=numpy.uint8)
data = pixels.reshape(rows, -1).astype(numpy.float32) / 255
start = time.perf_counter()
fitted = KMeans(n_clusters=clusters, n_init=restarts, random_state=0).fit(data)
print(time.perf_counter() - start, fitted.inertia_, sklearn.__version__)
