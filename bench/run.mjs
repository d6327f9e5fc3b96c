#!/usr/bin/env node
/**
 * `npm run bench -- [ID…] [--smoke | --reference | --full] [--name=N] [--profile]`: one JSON object per figure on the
 * standard output, a table with the aims at the end on the other. `B3` also means `B3-agent`. All but smoke runs are kept in
 * `bench/results/`.
 */
import '../tools/repository/node-version.mjs';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from '../tools/build.mjs';
import { ensureInstalled } from '../tools/repository/install.mjs';
import { at } from '../tools/repository/layout.mjs';

const SIZES = ['smoke', 'reference', 'full'];

function readOptions(args) {
  const sizes = SIZES.filter((size) => args.includes(`--${size}`));
  const name = args.find((argument) => argument.startsWith('--name='))?.slice('--name='.length);
  const known = (argument) =>
    !argument.startsWith('-') ||
    SIZES.includes(argument.slice(2)) ||
    /^--name=[\w.-]+$/.test(argument) ||
    argument === '--profile';
  return {
    size: sizes[0] ?? 'reference',
    name,
    profile: args.includes('--profile'),
    ids: args.filter((argument) => !argument.startsWith('-')),
    unknown: args.filter((argument) => !known(argument)),
  };
}

function gitCommit() {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: at(), encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

function keep(size, name, lines) {
  const day = new Date().toISOString().slice(0, 10);
  const machine = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
  };
  const record = {
    date: new Date().toISOString(),
    commit: gitCommit(),
    size,
    node: process.version,
    machine,
    figures: lines,
  };
  mkdirSync(at('bench', 'results'), { recursive: true });
  const file = join('bench', 'results', `${day}-${name ?? size}.json`);
  writeFileSync(at(file), `${JSON.stringify(record, null, 1)}\n`);
  console.error(`kept in ${file}`);
}

function table(lines, meetsAim) {
  for (const line of lines) {
    const aim =
      line.aim === undefined ? '' : line.aim.atLeast === undefined ? `≤ ${line.aim.atMost}` : `≥ ${line.aim.atLeast}`;
    const met = meetsAim(line);
    const verdict = met === undefined ? '' : met ? 'met' : 'NOT MET';
    const cells = [
      line.bench.padEnd(8),
      line.metric.padEnd(28),
      String(line.value).padStart(10),
      line.unit.padEnd(5),
      aim.padEnd(9),
      verdict,
    ];
    console.error(cells.join(' ').trimEnd());
  }
}

async function main(args) {
  const options = readOptions(args);
  if (!(await ensureInstalled()) || !(await ensureBuilt())) return 1;
  // Only now: the benchmarks need what was just built.
  const { BENCHMARKS } = await import('./benchmarks.mjs');
  const { Figures, meetsAim } = await import('./measure.mjs');
  const isOf = (wanted) => (bench) => bench.id === wanted || bench.id.startsWith(`${wanted}-`);
  const unknown = [...options.unknown, ...options.ids.filter((id) => !BENCHMARKS.some(isOf(id)))];
  if (unknown.length > 0) {
    const known = BENCHMARKS.map(({ id, title }) => `  ${id.padEnd(8)} ${title}`).join('\n');
    console.error(
      `Unknown: ${unknown.join(' ')}. Benchmarks:\n${known}\nOptions: ${SIZES.map((s) => `--${s}`).join(' ')} --name=N --profile`,
    );
    return 2;
  }
  const lines = [];
  let failed = 0;
  const chosen = BENCHMARKS.filter((bench) => options.ids.length === 0 || options.ids.some((id) => isOf(id)(bench)));
  for (const bench of chosen) {
    const figures = new Figures(bench.id, bench.params);
    const profileDirectory = options.profile ? mkdtempSync(join(tmpdir(), `mesolite-profile-${bench.id}-`)) : undefined;
    try {
      await bench.run(figures, { size: options.size, profileDirectory });
    } catch (error) {
      failed += 1;
      console.error(`${bench.id} failed: ${error.stack}`);
    }
    if (profileDirectory !== undefined) console.error(`profiles of ${bench.id} in ${profileDirectory}`);
    lines.push(...figures.lines);
  }
  // In smoke size the figures say that the benchmarks work, and nothing else.
  table(lines, options.size === 'smoke' ? () => undefined : meetsAim);
  if (options.size !== 'smoke' && !options.profile && failed === 0) keep(options.size, options.name, lines);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
