"""Steps of training of the same networks as Mixel's, in PyTorch, on 28x28 images.

Reads the pixels, then numbers of steps, one a line; prints its version, then the seconds of
each number of steps.
"""

import sys
import time
import types

import torch
from torch import nn
from torch.nn import functional

SIDE = 28
DIMS = SIDE * SIDE
SMALLEST = SIDE // 4
SMALLEST_OF_GANS = SMALLEST // 2


def parse(words):
    names = ("rows", "batch", "width", "latent", "critic_steps", "components", "factors", "threads")
    return types.SimpleNamespace(kind=words[0], **dict(zip(names, map(int, words[1:]))))


def lay_out(channels, side):
    return nn.Unflatten(1, (channels, side, side))


def down(inputs, outputs, norm, bias=None, stride=2):
    layers = [nn.Conv2d(inputs, outputs, 4, stride, 1, bias=not norm if bias is None else bias)]
    return layers + ([nn.BatchNorm2d(outputs)] if norm else [])


def convolutional_generator(latent, width):
    return nn.Sequential(
        nn.Linear(latent, 4 * width * SMALLEST_OF_GANS**2), lay_out(4 * width, SMALLEST_OF_GANS),
        nn.BatchNorm2d(4 * width), nn.ReLU(),
        nn.ConvTranspose2d(4 * width, 2 * width, 4, 2, 1, SMALLEST - 2 * SMALLEST_OF_GANS, bias=False),
        nn.BatchNorm2d(2 * width), nn.ReLU(),
        nn.ConvTranspose2d(2 * width, width, 4, 2, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
        nn.ConvTranspose2d(width, 1, 4, 2, 1), nn.Tanh(), nn.Flatten())


def convolutional_critic(width, norm):
    return nn.Sequential(
        lay_out(1, SIDE), *down(1, width, False), nn.LeakyReLU(0.2),
        *down(width, 2 * width, norm), nn.LeakyReLU(0.2),
        *down(2 * width, 4 * width, norm), nn.LeakyReLU(0.2),
        nn.Flatten(), nn.Linear(4 * width * SMALLEST_OF_GANS**2, 1))


def elu_convolution(inputs, outputs, stride=1):
    return [nn.Conv2d(inputs, outputs, 3, stride, 1), nn.ELU()]


def equilibrium_decoder(latent, width):
    level = elu_convolution(width, width) + elu_convolution(width, width)
    return [
        nn.Linear(latent, width * SMALLEST**2), lay_out(width, SMALLEST),
        *level, nn.Upsample(scale_factor=2),
        *elu_convolution(width, width), *elu_convolution(width, width), nn.Upsample(scale_factor=2),
        *elu_convolution(width, width), *elu_convolution(width, width),
        nn.Conv2d(width, 1, 3, 1, 1), nn.Flatten()]


def equilibrium_critic(latent, width):
    return nn.Sequential(
        lay_out(1, SIDE), *elu_convolution(1, width),
        *elu_convolution(width, width), *elu_convolution(width, 2 * width, 2),
        *elu_convolution(2 * width, 2 * width), *elu_convolution(2 * width, 3 * width, 2),
        *elu_convolution(3 * width, 3 * width), *elu_convolution(3 * width, 3 * width),
        nn.Flatten(), nn.Linear(3 * width * SMALLEST**2, latent),
        *equilibrium_decoder(latent, width))


def encoder(latent, width):
    return nn.Sequential(
        lay_out(1, SIDE), *down(1, width, True), nn.LeakyReLU(0.2),
        *down(width, 2 * width, True), nn.LeakyReLU(0.2),
        nn.Flatten(), nn.Linear(2 * width * SMALLEST**2, 2 * latent))


def decoder(latent, width):
    return nn.Sequential(
        nn.Linear(latent, 2 * width * SMALLEST**2), lay_out(2 * width, SMALLEST),
        nn.Upsample(scale_factor=2), nn.Conv2d(2 * width, width, 3, 1, 1, bias=False),
        nn.BatchNorm2d(width), nn.LeakyReLU(0.2),
        nn.Upsample(scale_factor=2), nn.Conv2d(width, 1, 3, 1, 1), nn.Flatten())


class Features(nn.Module):
    def __init__(self, width):
        super().__init__()
        sizes = [(1, width), (width, 2 * width), (2 * width, 4 * width)]
        self.taps = nn.ModuleList(
            nn.Sequential(*self.normalised(a, b)) for a, b in sizes)
        self.rest = nn.ModuleList(
            nn.Sequential(*self.normalised(b, b), nn.MaxPool2d(2)) for _, b in sizes[:-1])
        self.requires_grad_(False).eval()

    @staticmethod
    def normalised(inputs, outputs):
        return (
            nn.Conv2d(inputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU())

    def forward(self, rows):
        value = self.taps[0](rows.view(-1, 1, SIDE, SIDE))
        features = [value]
        for rest, tap in zip(self.rest, self.taps[1:]):
            features.append(tap(rest(features[-1])))
        return features


class UNet(nn.Module):
    def __init__(self, width):
        super().__init__()
        sizes = [width << level for level in range(4)]
        self.down = nn.ModuleList([
            nn.Sequential(lay_out(1, SIDE), *down(1, sizes[0], False)),
            nn.Sequential(nn.LeakyReLU(0.2), *down(sizes[0], sizes[1], True)),
            nn.Sequential(nn.LeakyReLU(0.2), *down(sizes[1], sizes[2], True)),
            nn.Sequential(nn.LeakyReLU(0.2), *down(sizes[2], sizes[3], False))])
        self.up = nn.ModuleList([
            self.enlarge(sizes[3], sizes[2], 1), self.enlarge(2 * sizes[2], sizes[1], 1),
            self.enlarge(2 * sizes[1], sizes[0], 0),
            nn.Sequential(
                nn.ReLU(), nn.ConvTranspose2d(2 * sizes[0], 1, 4, 2, 1), nn.Tanh(), nn.Flatten())])

    @staticmethod
    def enlarge(inputs, outputs, added):
        return nn.Sequential(
            nn.ReLU(), nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, added, bias=False),
            nn.BatchNorm2d(outputs))

    def forward(self, rows):
        seen = [rows]
        for level in self.down:
            seen.append(level(seen[-1]))
        value = self.up[0](seen[-1])
        for level, across in zip(self.up[1:], reversed(seen[1:-1])):
            value = level(torch.cat([value, across], 1))
        return value


def patch_critic(width):
    return nn.Sequential(
        lay_out(2, SIDE), *down(2, width, False), nn.LeakyReLU(0.2),
        *down(width, 2 * width, True, stride=1), nn.LeakyReLU(0.2),
        *down(2 * width, 1, False, stride=1), nn.Flatten())


class Mixture(nn.Module):
    """A mixture of factor analyzers, drawn from or, fixed, asked for its reconstruction."""

    def __init__(self, components, factors):
        super().__init__()
        self.log_weights = torch.full((components,), 1 / components).log()
        self.means = nn.Parameter(torch.rand(components, DIMS))
        self.loadings = nn.Parameter(torch.randn(components, factors, DIMS) / 10)
        self.deviations = nn.Parameter(torch.full((components, DIMS), 0.1))
        with torch.no_grad():
            precision = self.deviations**-2
            weighted = self.loadings * precision[:, None]
            posterior = torch.eye(factors) + weighted @ self.loadings.transpose(1, 2)
            root = torch.linalg.cholesky(torch.linalg.inv(posterior))
            self.precision = precision.T.contiguous()
            self.linear = (self.means * precision).T.contiguous()
            self.projection = (root.transpose(1, 2) @ weighted).flatten(0, 1).T.contiguous()
            self.shift = (self.means.repeat_interleave(factors, 0) * self.projection.T).sum(1)
            self.constant = (self.means**2 * precision).sum(1) / 2
            self.root = root

    def forward(self, count):
        chosen = torch.multinomial(self.log_weights.exp(), count, replacement=True)
        z = torch.randn(count, 1, self.loadings.shape[1])
        rows = torch.bmm(z, self.loadings[chosen]).squeeze(1) + self.means[chosen]
        return rows + self.deviations[chosen] * torch.randn(count, DIMS)

    @torch.no_grad()
    def reconstruct(self, rows):
        count, factors = len(rows), self.loadings.shape[1]
        projected = (rows @ self.projection - self.shift).view(count, -1, factors)
        quadratic = rows.square() @ self.precision / 2 - rows @ self.linear + self.constant
        chosen = (projected.square().sum(2) / 2 - quadratic + self.log_weights).argmax(1)
        z = torch.bmm(projected[torch.arange(count), chosen][:, None],
                      self.root[chosen].transpose(1, 2))
        return torch.bmm(z, self.loadings[chosen]).squeeze(1) + self.means[chosen]


class Feed:
    def __init__(self, pixels, batch, centred):
        self.pixels, self.batch, self.centred = pixels, batch, centred
        self.order, self.at = torch.randperm(len(pixels)), 0

    def next(self):
        if self.at + self.batch > len(self.order):
            self.order, self.at = torch.randperm(len(self.order)), 0
        rows = self.pixels[self.order[self.at:self.at + self.batch]].float().div_(255)
        self.at += self.batch
        return rows.sub_(0.5).div_(0.5) if self.centred else rows


def descend(optimiser, loss):
    parameters = [each for group in optimiser.param_groups for each in group["params"]]
    for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters)):
        parameter.grad = gradient
    optimiser.step()


def optimiser_of(kind, parameters):
    for parameter in parameters:
        if parameter.dim() == 4:  # Faster on the CPU, as Mixel lays weights of convolutions out.
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    if kind == "wgan":
        return torch.optim.RMSprop(parameters, 5e-5)
    betas = {"dcgan": (0.5, 0.999), "pix2pix": (0.5, 0.999), "wgan-gp": (0.0, 0.9),
             "adversarial-mfa": (0.0, 0.9)}
    return torch.optim.Adam(parameters, 1e-4, betas=betas.get(kind, (0.9, 0.999)))


def penalty(critic, rows):
    rows = rows.detach().requires_grad_(True)
    slopes, = torch.autograd.grad(critic(rows).sum(), rows, create_graph=True)
    return (slopes.norm(2, 1) - 1).square().mean()


def softplus_mean(values):
    return functional.softplus(values).mean()


def adversarial_step(options, feed):
    kind = options.kind
    if kind == "began":
        critic = equilibrium_critic(options.latent, options.width)
        generator = nn.Sequential(*equilibrium_decoder(options.latent, options.width))
    else:
        critic = convolutional_critic(options.width, kind in ("dcgan", "wgan"))
        generator = (Mixture(options.components, options.factors) if kind == "adversarial-mfa"
                     else convolutional_generator(options.latent, options.width))
    optimisers = [optimiser_of(kind, list(each.parameters())) for each in (critic, generator)]
    balance = 0.0

    def draw():
        if kind == "adversarial-mfa":
            return generator(options.batch)
        if kind in ("dcgan", "began"):
            return generator(torch.rand(options.batch, options.latent).mul_(2).sub_(1))
        return generator(torch.randn(options.batch, options.latent))

    def error(rows):
        return (critic(rows) - rows).abs().mean()

    def of_critic(real, made):
        if kind == "dcgan":
            return softplus_mean(-critic(real)) + softplus_mean(critic(made))
        if kind == "began":
            of_real = error(real)
            of_real.item()
            return of_real - balance * error(made)
        if kind == "wgan":
            return critic(made).mean() - critic(real).mean()
        between = made + (real - made) * torch.rand(options.batch, 1)
        return critic(made).mean() - critic(real).mean() + 10 * penalty(critic, between)

    def of_generator(made):
        if kind == "dcgan":
            return softplus_mean(-critic(made))
        return error(made) if kind == "began" else -critic(made).mean()

    def step():
        for _ in range(options.critic_steps):
            with torch.no_grad():
                made = draw()
            loss = of_critic(feed.next(), made)
            descend(optimisers[0], loss)
            if kind == "wgan":
                with torch.no_grad():
                    for parameter in critic.parameters():
                        parameter.clamp_(-0.01, 0.01)
            loss.item()
        loss = of_generator(draw())
        descend(optimisers[1], loss)
        loss.item()

    return step


def variational_step(options, feed):
    encode, decode = encoder(options.latent, options.width), decoder(options.latent, options.width)
    optimiser = optimiser_of(options.kind, [*encode.parameters(), *decode.parameters()])
    features = Features(16)

    def reconstruction(logits, rows):
        if options.kind == "vae":
            return (functional.softplus(logits) - rows * logits).sum(1).mean()
        pairs = zip(features(torch.sigmoid(logits)), features(rows))
        return sum((a - b).square().mean() * (5 * DIMS) for a, b in pairs)

    def step():
        rows = feed.next()
        mean, spread = encode(rows).chunk(2, 1)
        spread = spread.clamp(-30, 30)
        z = mean + (spread * 0.5).exp() * torch.randn(options.batch, options.latent)
        fit = reconstruction(decode(z), rows)
        divergence = (mean.square() + spread.exp() - spread - 1).sum(1).mean() * 0.5
        loss = fit + divergence
        descend(optimiser, loss)
        return loss.item(), fit.item(), divergence.item()

    return step


def translation_step(options, feed):
    mixture = Mixture(options.components, options.factors)
    generator, critic = UNet(options.width), patch_critic(options.width)
    optimisers = [optimiser_of("pix2pix", list(each.parameters())) for each in (critic, generator)]

    def step():
        rows = feed.next()
        real, given = (rows - 0.5) / 0.5, (mixture.reconstruct(rows) - 0.5) / 0.5
        made = generator(given)
        of_real = softplus_mean(-critic(torch.cat([given, real], 1)))
        of_made = softplus_mean(critic(torch.cat([given, made.detach()], 1)))
        of_critic = (of_real + of_made) * 0.5
        descend(optimisers[0], of_critic)
        adversarial = softplus_mean(-critic(torch.cat([given, made], 1)))
        error = (made - real).abs().mean()
        descend(optimisers[1], adversarial + 100 * error)
        return of_critic.item(), adversarial.item(), error.item()

    return step


def main():
    options = parse(sys.argv[1:])
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    pixels = bytearray(sys.stdin.buffer.read(options.rows * DIMS))
    pixels = torch.frombuffer(pixels, dtype=torch.uint8).view(options.rows, DIMS)
    kind = options.kind
    feed = Feed(pixels, options.batch, kind not in ("vae", "vae-dfc", "pix2pix"))
    step = (variational_step if kind in ("vae", "vae-dfc")
            else translation_step if kind == "pix2pix" else adversarial_step)(options, feed)
    print(torch.__version__, torch.get_num_threads(), flush=True)
    for line in iter(sys.stdin.buffer.readline, b""):
        start = time.perf_counter()
        for _ in range(int(line)):
            step()
        print(time.perf_counter() - start, flush=True)


main()
