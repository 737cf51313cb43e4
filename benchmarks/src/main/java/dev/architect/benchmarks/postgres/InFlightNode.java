package dev.architect.benchmarks.postgres;

import dev.architect.Architect;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.benchmarks.postgres.engine.ArchitectOnPostgres;
import dev.architect.benchmarks.postgres.engine.BenchmarkDatabase;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * One of several processes that perform tasks of some seconds until the input ends. It writes {@code started NANOS} for each attempt with the
 * time that the task was ready before, {@code ended} and {@code failed}.
 */
public final class InFlightNode {

    static final String TYPE = "wait";

    private InFlightNode() {}

    /** Runs with the address of the database. */
    public static void main(String... arguments) throws IOException {
        BenchmarkDatabase database = new BenchmarkDatabase(arguments[0]);
        try (Architect architect = Architect.builder()
                        .store(ArchitectOnPostgres.open(database))
                        .router((providers, time) -> new ArchitectOnPostgres.NoModelRouter())
                        .worker(new Waiting())
                        .listener(new Reporter())
                        .build();
                BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println("ready");
            while (lines.readLine() != null) {
                System.err.println(architect + " got a line, expected the end of the input");
            }
        }
        System.exit(0);
    }

    /** Waits as many milliseconds as its payload says. */
    static final class Waiting implements Worker {
        @Override
        public Set<String> types() {
            return Set.of(TYPE);
        }

        @Override
        public String perform(TaskContext context) throws InterruptedException {
            TimeUnit.MILLISECONDS.sleep(Long.parseLong(context.request().payload()));
            return "";
        }
    }

    private static final class Reporter implements EventListener {
        @Override
        public void onEvent(Event event) {
            if (event instanceof Event.TaskStarted started) {
                System.out.println("started " + started.waited().toNanos());
            } else if (event instanceof Event.TaskAttemptEnded attempt) {
                System.out.println(attempt.outcome() == AttemptOutcome.SUCCEEDED ? "ended" : "failed");
            }
        }
    }
}
