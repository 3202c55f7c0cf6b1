// The commands and the Java lines that give what a view shows.

import { binned } from './binned.js';
import { model } from './model.js';
import { NAMED } from './mask.js';
import { state } from './state.js';

const quote = text => /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll('\'', '\'\\\'\'')}'`;

const line = (...words) => ['mixel', ...words.filter(word => word !== null).map(word => quote(String(word)))].join(' ');

const text = JSON.stringify;

const imports = names => names.map(name => `import ${name};`);

const MODEL = ['java.nio.file.Path', 'org.mixel.mfa.MixtureOfFactorAnalyzers'];
const DATA = ['org.mixel.data.Samples', 'org.mixel.io.DataSource'];
const loadModel = () => `MixtureOfFactorAnalyzers model = MixtureOfFactorAnalyzers.load(Path.of(${text(model.file)}));`;

/** Whether a candidate is a model, of which rows were drawn. */
const isModel = name => /\.(mfa|net)$/.test(name);
const DRAWING = ['java.nio.file.Path', 'org.mixel.Progress', 'org.mixel.neural.ModelSampler', 'org.mixel.tensor.ComputeDevice'];

/** The reading options of the data, as typed. */
function reading() {
  const { reading: words } = model;
  return Object.fromEntries(words.flatMap((word, i) => i % 2 === 0 ? [[word, words[i + 1]]] : []));
}

/** The lines that declare rows; those of a model are drawn by `seed`. */
function open(variable, name, seed = 0) {
  if (isModel(name)) {
    return [`Samples ${variable} = ModelSampler.open(Path.of(${text(name)}), false, ${seed}L, ComputeDevice.CPU)`
      + `.take(${text(name)}, 20_000, Progress.SILENT);`];
  }
  const options = Object.entries({ Crop: '--crop', Size: '--size', Layout: '--layout' })
    .filter(([, option]) => option in reading())
    .map(([kind, option]) => `.with${kind}(DataOptions.${kind}.parse(${text(reading()[option])}))`);
  return options.length === 0
    ? [`Samples ${variable} = DataSource.open(${text(name)});`]
    : [`DataOptions options = DataOptions.defaults()${options.join('')};`,
      `Samples ${variable} = DataSource.open(${text(name)}, options, Progress.SILENT);`];
}

const openImports = () => model.reading.length === 0 ? DATA : [...DATA, 'org.mixel.Progress', 'org.mixel.data.DataOptions'];

const java = (needed, lines) => [...imports([...new Set(needed)].sort()), '', ...lines].join('\n');

/** Components of vectors have no picture. */
const samples = () => line('sample', model.file, '-n', 1000, '-o', 'samples.npy');

const views = {
  map() {
    return state.colour === 'z' && model.data ? views.bins() : {
      command: model.shape ? line('components', model.file, '--json', '-o', 'components.png') : samples(),
      java: java(MODEL, [loadModel(), 'double[] weights = model.weights();',
        `float[] mean = model.component(${state.component}).mean();`]),
    };
  },

  component() {
    const k = state.component;
    const z = Array.from({ length: model.factors }, (_, i) => state.z[i] ?? 0);
    return {
      command: !model.shape ? samples() : [
        line('components', model.file, '--show', k, '-o', `component-${k}.png`),
        ...(model.factors > 1
          ? [line('components', model.file, '--show', k, '--grid', state.pad.map(i => i + 1).join(), '-o', `component-${k}-grid.png`)] : []),
      ].join('\n'),
      java: java([...MODEL, 'org.mixel.mfa.Component'], [
        loadModel(),
        `Component component = model.component(${k});`,
        `double[] z = {${z.join(', ')}};`,
        'float[] row = component.mean().clone();',
        'for (int i = 0; i < z.length; i++) {',
        '  for (int j = 0; j < row.length; j++) {',
        '    row[j] += z[i] * component.factors()[i][j];',
        '  }',
        '}']),
    };
  },

  complete() {
    const mask = NAMED.includes(state.mask) ? state.mask : 'mask.npy';
    const name = state.row === null ? 'images' : model.data.name;
    const inpaint = (...words) => line('inpaint', model.file, name, ...model.reading, '--mask', mask, ...words);
    return {
      command: [inpaint('--mode', 'mean', '--variance', 'variance.npy', '-o', 'mean.npy'),
        inpaint('--mode', 'paper', '-o', 'most-probable.npy'),
        inpaint('--mode', 'sample', '--draws', 3, '--seed', state.seed, '-o', 'draws.npy')].join('\n'),
      java: java([...MODEL, ...openImports(), 'org.mixel.Progress', 'org.mixel.data.Mask', 'org.mixel.io.Masks', 'org.mixel.mfa.Inpainting'], [
        loadModel(),
        ...open('data', name),
        `Samples row = data.select(new int[] {${state.row ?? 0}});`,
        `Mask mask = Masks.read(${text(mask)}, row, model.shape());`,
        'Inpainting.Options mean = Inpainting.Options.defaults().withMode(Inpainting.Mode.MEAN);',
        'Samples completed = Inpainting.complete(model, row, mask.observed(0), mean, Progress.SILENT);',
        'Samples mostProbable = model.inpaint(row, mask);',
        `Inpainting.Options draws = mean.withMode(Inpainting.Mode.SAMPLE).withDraws(3).withSeed(${state.seed});`,
        'Samples drawn = Inpainting.complete(model, row, mask.observed(0), draws, Progress.SILENT);']),
    };
  },

  likelihood() {
    if (!model.data) {
      return views.map();
    }
    const of = (command, ...words) => line(command, model.file, model.data.name, ...model.reading, ...words);
    return {
      command: [model.shape ? of('score', '--by', 'likelihood', '--outliers', 40, '-o', 'outliers.png') : of('score'),
        ...(state.row === null ? [] : [of('reconstruct', '-o', 'reconstructed.npy')])].join('\n'),
      java: java([...MODEL, ...openImports()], [
        loadModel(),
        ...open('data', model.data.name),
        'double[] scores = model.logLikelihood(data);',
        ...(state.row === null ? [] : [
          `Samples row = data.select(new int[] {${state.row}});`,
          'int component = model.mostProbable(row)[0];',
          'Samples reconstruction = model.reconstruct(row);'])]),
    };
  },

  bins() {
    if (!model.data || model.candidates.length === 0) {
      return views.likelihood();
    }
    const { name } = model.candidates[state.candidate];
    const { bins, seed } = binned.results[state.candidate] ?? { bins: 100, seed: 0 };
    const different = { raw: 'different', holm: 'differentByHolm', bh: 'differentByBenjaminiHochberg' }[state.adjust];
    return {
      command: line('ndb', model.data.name, name, ...model.reading, '--bins', bins, ...(seed === 0 ? [] : ['--seed', seed]), '--export-bins', 'bins'),
      java: java([...openImports(), ...(isModel(name) ? DRAWING : []), 'java.util.List', 'org.mixel.ndb.Ndb', 'org.mixel.ndb.NdbResult', 'org.mixel.ndb.VoronoiBins'], [
        ...open('reference', model.data.name),
        ...open('candidate', name, seed).slice(-1),
        `NdbResult result = Ndb.test(reference, candidate, VoronoiBins.Options.defaults().withBins(${bins}).withSeed(${seed}L));`,
        `List<Integer> bins = result.${different}();`]),
    };
  },
};

/** `command` and `java` of the state. */
export const commandOf = () => views[state.view]();
