// graphile-worker in a process of its own, led by lines as EngineProcess.java says.
"use strict";

const readline = require("node:readline");
const { Logger, makeWorkerUtils, run } = require("graphile-worker");

const [role, connectionString, payload] = process.argv.slice(2);
const BATCH = 1000;
const REPORT_MILLIS = 20;
const MIN_PAUSE_MILLIS = 2;
const MAX_PAUSE_MILLIS = 198;
const TASK = "no-op";

const logger = new Logger(() => (level, message) => {
  if (level === "error" || level === "warning") process.stderr.write(`graphile-worker: ${message}\n`);
});
// The settings of worker.graphile.org/docs/performance, read 2026-11-28.
const preset = {
  worker: {
    connectionString,
    logger,
    concurrentJobs: 24,
    maxPoolSize: 25,
    localQueue: { size: 500 },
    completeJobBatchDelay: 0,
    failJobBatchDelay: 0,
  },
};

const say = (line) => process.stdout.write(`${line}\n`);
const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));
const now = () => Number(process.hrtime.bigint() / 1000n) / 1000;

async function paced(utils, tasks) {
  for (let i = 0; i < tasks; i++) {
    await pause(MIN_PAUSE_MILLIS + Math.random() * (MAX_PAUSE_MILLIS - MIN_PAUSE_MILLIS));
    await utils.addJob(TASK, process.hrtime.bigint().toString());
  }
  return tasks;
}

async function bulk(utils, tasks) {
  for (let left = tasks; left > 0; left -= BATCH) {
    await utils.addJobs(Array.from({ length: Math.min(BATCH, left) }, () => ({ identifier: TASK, payload })));
  }
  return tasks;
}

async function bulkFor(utils, millis) {
  const end = now() + millis;
  let submitted = 0;
  do submitted += await bulk(utils, BATCH);
  while (now() < end);
  return submitted;
}

async function singleFor(utils, threads, millis) {
  const end = now() + millis;
  let submitted = 0;
  const one = async () => {
    while (now() < end) {
      await utils.addJob(TASK, payload);
      submitted++;
    }
  };
  await Promise.all(Array.from({ length: threads }, one));
  return submitted;
}

async function source() {
  const utils = await makeWorkerUtils({ preset });
  const commands = {
    bulk: (tasks) => bulk(utils, tasks),
    "bulk-for": (millis) => bulkFor(utils, millis),
    "single-for": (threads, millis) => singleFor(utils, threads, millis),
    paced: (tasks) => paced(utils, tasks),
  };
  say("ready");
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [name, ...numbers] = line.split(" ");
    say(`done ${await commands[name](...numbers.map(Number))}`);
  }
  await utils.release();
}

async function runner() {
  let executions = 0;
  let reported = -1;
  const report = () => {
    if (executions !== reported) say(`executions ${(reported = executions)}`);
  };
  const taskList = {
    [TASK]: async (given) => {
      if (given[0] >= "0" && given[0] <= "9") say(`picked-up ${process.hrtime.bigint() - BigInt(given)}`);
      executions++;
    },
  };
  let running;
  let timer;
  say("ready");
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [name, number] = line.split(" ");
    if (name === "start") {
      timer = setInterval(report, REPORT_MILLIS);
      running = await run({ preset, taskList, noHandleSignals: true });
    } else if (name === "paced") {
      const utils = await makeWorkerUtils({ preset });
      say(`done ${await paced(utils, Number(number))}`);
      await utils.release();
    } else {
      throw new Error(`'${line}' is no command of a runner`);
    }
  }
  if (running) await running.stop();
  clearInterval(timer);
  report();
}

async function migrate() {
  const utils = await makeWorkerUtils({ preset });
  await utils.migrate();
  await utils.release();
  say("ready");
}

({ source, runner, migrate })[role]().catch((failure) => {
  process.stderr.write(`${failure.stack}\n`);
  process.exitCode = 1;
});
