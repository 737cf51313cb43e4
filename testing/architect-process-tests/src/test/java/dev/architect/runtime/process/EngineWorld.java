package dev.architect.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.error.StoreException;
import dev.architect.simulator.ProviderSimulator;
import dev.architect.simulator.log.SimulatedCall;
import dev.architect.simulator.script.Latency;
import dev.architect.simulator.script.SimulatorScript;
import dev.architect.spi.Store;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Processes of the engine on one store, and what is outside of them and outlives them: a simulator of the provider, which sends
 * the bill, and the server of the effects.
 */
final class EngineWorld implements AutoCloseable {

    private static final Duration LATENCY = Duration.ofMillis(40);
    private static final int MOST_ENTRIES = 10_000;

    private final Path folder;
    private final EngineStore store;
    private final ProviderSimulator simulator;
    private final EffectServer effects;
    private final List<EngineHandle> processes = new ArrayList<>();

    EngineWorld(Path folder) throws IOException {
        this(folder, folder.resolve("architect.db"));
    }

    EngineWorld(Path folder, Path file) throws IOException {
        this(folder, EngineStore.sqlite(file), LATENCY);
    }

    /** A world whose effects take so long. */
    EngineWorld(Path folder, EngineStore store, Duration effectLatency) throws IOException {
        this.folder = folder;
        this.store = store;
        this.simulator = ProviderSimulator.start(
                SimulatorScript.standard().with("openai", provider -> provider.withLatency(Latency.fixed(LATENCY))));
        this.effects = EffectServer.start(effectLatency);
    }

    /** Starts a process with options as {@code name=value}. */
    EngineHandle start(String... options) throws IOException {
        return start(List.of(), options);
    }

    /** Starts a process by a command that comes before it. */
    EngineHandle start(List<String> prefix, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(store.options());
        arguments.addAll(List.of("provider=" + simulator.baseUrl("openai"), "effects=" + effects.url()));
        arguments.addAll(List.of(options));
        EngineHandle process = new EngineHandle(prefix, folder.resolve("errors.txt"), arguments);
        processes.add(process);
        return process;
    }

    /** {@code file} is that of the world. In a transaction it would hold SQLite's write lock, and no process could write before it goes on. */
    void freezeBetweenTransactions(EngineHandle process, Path file) throws IOException, InterruptedException {
        try (SqliteStore probe =
                SqliteStore.builder(file).busyTimeout(Duration.ofMillis(100)).open()) {
            while (true) {
                process.freeze();
                try {
                    probe.nodes().beat(0);
                    return;
                } catch (StoreException busy) {
                    assertThat(busy.kind()).isEqualTo(StoreException.Kind.BUSY);
                }
                process.thaw();
            }
        }
    }

    /** Checks what the store, the ledger, the bill and the effects state once everything has ended, and returns the figures. */
    EngineFigures verified() {
        Set<String> accepted = new HashSet<>();
        processes.forEach(process -> accepted.addAll(process.accepted()));
        EngineFigures figures = new EngineFigures();
        figures.accepted = accepted.size();
        try (Store opened = store.open()) {
            for (String text : accepted) {
                count(opened, TaskId.parse(text), figures);
            }
            figures.unfinished = opened.tasks().counts().entrySet().stream()
                    .filter(count -> !count.getKey().isTerminal())
                    .mapToLong(count -> count.getValue())
                    .sum();
            List<LedgerEntry> entries = opened.ledger().newest(MOST_ENTRIES);
            assertThat(entries).as("entries of the ledger").hasSizeLessThan(MOST_ENTRIES);
            compare(entries, figures);
        }
        figures.effectsTwice = effects.repeatedByOneAttempt();
        figures.effects = effects.attempts().size();
        figures.effectsAgain = effects.attempts().size()
                - effects.attempts().stream()
                        .map(path -> path.split("/")[1])
                        .distinct()
                        .count();
        measureClaims(figures);
        return figures;
    }

    private static void count(Store opened, TaskId id, EngineFigures figures) {
        Task task = opened.tasks().find(id).orElse(null);
        if (task == null) {
            figures.lost++;
            return;
        }
        List<Attempt> attempts = opened.tasks().attempts(id);
        figures.mostAttempts = Math.max(figures.mostAttempts, attempts.size());
        long succeeded = attempts.stream()
                .filter(attempt -> attempt.outcome() == AttemptOutcome.SUCCEEDED)
                .count();
        figures.attemptsLost += attempts.stream()
                .filter(attempt -> attempt.outcome() == AttemptOutcome.LOST)
                .count();
        figures.attemptsFailed += attempts.stream()
                .filter(attempt ->
                        attempt.outcome() == AttemptOutcome.FAILED || attempt.outcome() == AttemptOutcome.TIMED_OUT)
                .count();
        if (succeeded > 1) {
            figures.twice++;
        }
        if (task.state() == TaskState.DEAD) {
            if (task.request().type().equals(EngineProcess.POISON)) {
                figures.poisonDead++;
            } else {
                figures.dead++;
            }
        } else if (task.state() == TaskState.DONE) {
            figures.done++;
        }
    }

    /** Every call that the provider has billed must be an entry: an exact one, or an estimate where nobody was left to hear the count. */
    private void compare(List<LedgerEntry> entries, EngineFigures figures) {
        List<Long> unmatched = new ArrayList<>();
        for (SimulatedCall call : simulator.log()) {
            if (call.isModelCall() && call.billedPicoUsd() > 0) {
                unmatched.add(call.billedPicoUsd());
                figures.billedCalls++;
                figures.billedPicoUsd += call.billedPicoUsd();
            }
        }
        int estimates = 0;
        for (LedgerEntry entry : entries) {
            long cost = entry.charge().cost().amount().map(Money::picoUsd).orElse(0L);
            if (cost == 0) {
                continue;
            }
            figures.bookedCalls++;
            figures.bookedPicoUsd += cost;
            if (entry.metering().source() == UsageSource.ESTIMATED) {
                estimates++;
            } else if (!unmatched.remove((Long) cost)) {
                figures.bookedWithoutBill++;
            }
        }
        figures.estimates = estimates;
        figures.unbooked = Math.max(0, unmatched.size() - estimates);
    }

    /** How long it took until another attempt of each task began that ran in a killed process. */
    private void measureClaims(EngineFigures figures) {
        for (EngineHandle killed : processes) {
            if (killed.killedAt() == 0) {
                continue;
            }
            for (EngineHandle.Start lost : killed.taken()) {
                for (EngineHandle other : processes) {
                    other.starts().stream()
                            // Not those that ran when two nodes died: they wait for calm and take turns.
                            .filter(start -> other != killed
                                    && lost.epoch() == 1
                                    && start.task().equals(lost.task())
                                    && start.epoch() == lost.epoch() + 1)
                            .forEach(start -> figures.claimedAgain(
                                    start.at() - killed.killedAt(),
                                    // It may begin before it has told that it is ready.
                                    Math.max(0, start.at() - Math.max(killed.killedAt(), other.openedAt()))));
                }
            }
        }
    }

    @Override
    public void close() {
        processes.forEach(EngineHandle::close);
        effects.close();
        simulator.close();
    }
}
