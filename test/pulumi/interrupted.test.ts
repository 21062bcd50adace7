import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloudOf, engineNote, eventsIn, newProject, noEngine, type Project } from '../support/engine.ts';

describe.skipIf(noEngine)(`a deployment that is interrupted${engineNote}`, () => {
  let project: Project;
  beforeAll(async () => {
    project = await newProject();
  });
  afterAll(() => project?.close());

  it('finishes what it has begun, says so, and goes on from there the next time', async () => {
    // As long as it takes to be interrupted in.
    const env = { PERPETUAL_STANDIN_LATENCY: '0.01' };
    let isAsked = false;
    const { code, stdout, stderr } = await project.perpetual(['up', 'dev', '--yes', '--events', 'events.jsonl'], {
      env,
      watch: (line, child) => {
        if (isAsked || !line.startsWith('dev: created subnet')) return;
        isAsked = true;
        child.kill('SIGINT');
      },
    });
    expect(code, stdout + stderr).toBe(8);
    expect(stderr).toContain('perpetual: cancelling: what has begun is finished first');
    expect(stdout).toMatch(/\ndev: cancelled, \d+ created/);
    expect(eventsIn(project, 'events.jsonl').at(-1)).toMatchObject({ event: 'end', exitCode: 8 });

    const made = Object.keys(cloudOf(project).resources);
    const next = await project.perpetual(['up', 'dev', '--yes']);
    expect(next.code, next.stdout + next.stderr).toBe(0);
    expect(Object.keys(cloudOf(project).resources)).toEqual(expect.arrayContaining(made));
  });
});
