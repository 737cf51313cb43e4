package dev.architect.cli.demo;

import dev.architect.Architect;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.StopSignal;
import dev.architect.cost.ReportPeriod;
import dev.architect.prompt.PromptTasks;
import dev.architect.simulator.ProviderSimulator;
import dev.architect.simulator.log.SimulatedCall;
import dev.architect.simulator.script.ModelStrength;
import dev.architect.simulator.script.Outage;
import dev.architect.simulator.script.RecordedAnswers;
import dev.architect.simulator.script.SimulatorScript;
import dev.architect.spi.TimeSource;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One run of the demo: submits the tasks at a steady rate, takes a provider down for a while, waits until every task has
 * ended and draws up the account.
 */
final class Demo {

    /** The longest time without a task that ends before the demo gives up. */
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);
    private static final int MAX_AT_ONCE = 100;

    /** These answer what no other provider can, so their outage would only make tasks wait. */
    private static final Set<String> IRREPLACEABLE = Set.of("perplexity", "anythingllm");

    private final DemoPlan plan;
    private final Architect architect;
    private final ProviderSimulator simulator;
    private final DemoCounters counters;
    /** How long the last events may take to come. */
    private static final Duration EVENT_TIMEOUT = Duration.ofSeconds(5);

    private final OutageWatch watch;
    private final StopSignal stop;
    private final TimeSource time = TimeSource.system();
    private final List<TaskHandle> handles = new ArrayList<>();
    private String providerDown = "";

    Demo(
            DemoPlan plan,
            Architect architect,
            ProviderSimulator simulator,
            DemoCounters counters,
            OutageWatch watch,
            StopSignal stop) {
        this.plan = plan;
        this.architect = architect;
        this.simulator = simulator;
        this.counters = counters;
        this.watch = watch;
        this.stop = stop;
    }

    /** Who is down at the moment; empty when all are up. */
    String providerDown() {
        return simulator.script().providers().entrySet().stream()
                .filter(entry -> entry.getValue().outage() != null)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    DemoResult run() throws InterruptedException {
        Instant startedAt = time.wallTime();
        long start = time.nanoTime();
        submitAll(start);
        awaitEnd();
        return result(startedAt, Duration.ofNanos(time.nanoTime() - start));
    }

    private void submitAll(long start) throws InterruptedException {
        List<TaskRequest> tasks = plan.tasks();
        while (handles.size() < tasks.size()) {
            int due = dueAfter(Duration.ofNanos(time.nanoTime() - start));
            if (due <= handles.size()) {
                // Multiplied before it is divided, so that a rate that does not divide a second keeps its pace.
                long nextDue = start + Duration.ofSeconds(handles.size() + 1L).toNanos() / plan.tasksPerSecond();
                stopIfRequested(Duration.ofNanos(nextDue - time.nanoTime()));
                continue;
            }
            int upTo = Math.min(due, handles.size() + MAX_AT_ONCE);
            handles.addAll(architect.tasks().submitAll(tasks.subList(handles.size(), upTo)));
            updateOutage();
        }
    }

    private int dueAfter(Duration elapsed) {
        long due = elapsed.toMillis() * plan.tasksPerSecond() / 1_000;
        return (int) Math.min(due, plan.tasks().size());
    }

    private void updateOutage() {
        int submitted = handles.size();
        if (providerDown.isEmpty()
                && submitted >= plan.outageBegin()
                && submitted < plan.tasks().size()) {
            // Empty before the first answer; then the next batch tries again.
            busiest().ifPresent(provider -> {
                providerDown = provider;
                simulator.setOutage(provider, Outage.HTTP_503);
                watch.begin(provider, time.wallTime());
            });
        }
        if (!providerDown.isEmpty() && !providerDown().isEmpty() && submitted >= plan.outageEnd()) {
            // Before the outage ends: otherwise the provider could answer a call that counts as made during it.
            watch.end(time.wallTime());
            simulator.clearOutage(providerDown);
        }
    }

    /** The provider that has answered most, of those that others can stand in for. */
    private Optional<String> busiest() {
        return counters.snapshot().providers().entrySet().stream()
                .filter(entry -> !IRREPLACEABLE.contains(entry.getKey()))
                .filter(entry -> entry.getValue().answered() > 0)
                .max(Map.Entry.comparingByValue((one, other) -> Long.compare(one.answered(), other.answered())))
                .map(Map.Entry::getKey);
    }

    /** Also waits for tasks that an earlier run left in the same data directory: they are on the simulator's bill. */
    private void awaitEnd() throws InterruptedException {
        long lastProgress = time.nanoTime();
        long remaining = Long.MAX_VALUE;
        while (remaining > 0) {
            long before = remaining;
            remaining = architect.tasks().counts().entrySet().stream()
                    .filter(entry -> !entry.getKey().isTerminal())
                    .mapToLong(Map.Entry::getValue)
                    .sum();
            if (remaining < before) {
                lastProgress = time.nanoTime();
            }
            if (time.nanoTime() - lastProgress > TIMEOUT.toNanos()) {
                throw new CommandFailure(
                        remaining + " tasks have not ended, and none did for " + TIMEOUT.toMinutes() + " minutes");
            }
            if (remaining > 0) {
                stopIfRequested(POLL_INTERVAL);
            }
        }
        awaitEvents();
    }

    /** Events are delivered after what they tell of, and the account holds figures that were counted from them. */
    private void awaitEvents() throws InterruptedException {
        long deadline = time.nanoTime() + EVENT_TIMEOUT.toNanos();
        while (counters.snapshot().ended() < handles.size() && time.nanoTime() - deadline < 0) {
            stopIfRequested(POLL_INTERVAL);
        }
    }

    private void stopIfRequested(Duration pause) throws InterruptedException {
        if (stop.await(pause)) {
            throw new StoppedException(counters.snapshot().ended(), plan.tasks().size());
        }
    }

    private DemoResult result(Instant startedAt, Duration wall) {
        int succeeded = 0;
        int failed = 0;
        int correct = 0;
        for (int i = 0; i < handles.size(); i++) {
            Optional<TaskResult> result = handles.get(i).result();
            if (result.isPresent()) {
                boolean done = result.get().state() == TaskState.DONE;
                succeeded += done ? 1 : 0;
                failed += done ? 0 : 1;
                String prompt = promptOf(plan.tasks().get(i));
                correct += result.get()
                                .output()
                                .filter(text -> isCorrect(prompt, text))
                                .isPresent()
                        ? 1
                        : 0;
            }
        }
        return new DemoResult(
                plan.tasks().size(),
                succeeded,
                failed,
                wall,
                counters.waited(),
                architect.ledger().spend(ReportPeriod.between(startedAt, Instant.parse("9999-12-31T00:00:00Z"))),
                billed(),
                simulator.log().stream().filter(SimulatedCall::isModelCall).count(),
                watch.result(),
                plan.isReplay() ? correctness(correct) : null);
    }

    private static String promptOf(TaskRequest task) {
        return PromptTasks.requestOf(task).prompt();
    }

    private boolean isCorrect(String prompt, String text) {
        return plan.answers().correctText(prompt, text);
    }

    private DemoResult.Correctness correctness(int routed) {
        return new DemoResult.Correctness(
                routed, correctIfAll(ModelStrength.STRONG), correctIfAll(ModelStrength.CHEAP));
    }

    private int correctIfAll(ModelStrength strength) {
        RecordedAnswers answers = plan.answers();
        return (int) plan.tasks().stream()
                .filter(task -> answers.correct(promptOf(task), strength).orElse(false))
                .count();
    }

    private Map<String, BigInteger> billed() {
        Map<String, BigInteger> billed = new LinkedHashMap<>();
        for (String provider : SimulatorScript.PROVIDERS) {
            billed.put(provider, simulator.billed(provider));
        }
        return billed;
    }
}
