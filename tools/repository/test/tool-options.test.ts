import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { at } from '../layout.mjs';

describe.each(['sim', 'soak'])('npm run %s', (tool) => {
  const script = at('tools', `${tool}.mjs`);

  it('says what it can be told', () => {
    const help = execFileSync(process.execPath, [script, '--help'], { encoding: 'utf8' });
    expect(help).toMatch(new RegExp(`^npm run ${tool} -- \\[options\\]: `));
  });

  it('refuses what it does not know, by name', () => {
    const { status, stderr } = spawnSync(process.execPath, [script, '--nonsense'], { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^Unknown option '--nonsense'/);
    expect(stderr).toContain('--help');
  });
});
