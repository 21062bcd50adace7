import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

/** What GitHub refuses of a workflow or leaves open, and those that "init" writes never have: docs/azure-rules.md names these tests. */

type Job = {
  environment?: string | { name: string; url?: string };
  permissions?: Record<string, string>;
  env?: Record<string, string>;
  steps?: { run?: string; uses?: string }[];
};
type Workflow = { concurrency?: { group: string; 'cancel-in-progress': boolean }; jobs: Record<string, Job> };

// Those of this repository are as "init" writes them, which another test holds.
const folder = '.github/workflows';
const workflows = readdirSync(folder)
  .filter((name) => name.startsWith('perpetual-'))
  .map((name) => ({ ...(parse(readFileSync(join(folder, name), 'utf8')) as Workflow), name }));
const jobs = workflows.flatMap((workflow) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ workflow, label: `${workflow.name}: ${name}`, job })),
);
const runs = ({ steps = [] }: Job): string => steps.map(({ run = '' }) => run).join('\n');
const deploying = jobs.filter(({ job }) => /perpetual (up|destroy|refresh) /.test(runs(job)));

describe('a workflow', () => {
  it('logs in to Azure by the token of its run, and nowhere by a secret of its own', () => {
    const loggingIn = jobs.filter(({ job }) => job.env?.ARM_CLIENT_ID !== undefined);
    expect(loggingIn.length).toBeGreaterThan(0);
    for (const { label, job } of loggingIn) {
      expect(job.env?.ARM_USE_OIDC, label).toBe(true);
      expect(job.permissions?.['id-token'], label).toBe('write');
    }
    for (const { label, job } of jobs) expect(JSON.stringify(job), label).not.toMatch(/CLIENT_SECRET|AWS_|aws-actions/);
  });

  it('names no secret in the address of an environment', () => {
    const addresses = jobs.flatMap(({ job: { environment } }) =>
      typeof environment === 'object' && environment.url !== undefined ? [environment.url] : [],
    );
    expect(addresses.length).toBeGreaterThan(0);
    for (const address of addresses) expect(address).not.toContain('secrets.');
  });

  it('that deploys waits for others that do, and is not cancelled by them', () => {
    expect(deploying.length).toBeGreaterThan(0);
    for (const { label, workflow } of deploying)
      expect(workflow.concurrency, label).toMatchObject({ 'cancel-in-progress': false });
    expect(new Set(deploying.map(({ workflow }) => workflow.concurrency?.group)).size).toBe(1);
  });

  it('deploys to production what was saved when it was previewed', () => {
    const deploy = workflows.find(({ name }) => name === 'perpetual-deploy.yml') as Workflow;
    const { plan, production } = deploy.jobs as { plan: Job; production: Job };
    expect(runs(plan)).toMatch(/perpetual preview "\$ENVIRONMENT" --save-plan perpetual-plan/);
    expect(runs(production)).toMatch(/perpetual up "\$ENVIRONMENT" --yes --plan perpetual-plan/);
    for (const { label, job } of jobs) expect(runs(job), label).not.toMatch(/\bnpm (install|i)\b/);
  });
});
