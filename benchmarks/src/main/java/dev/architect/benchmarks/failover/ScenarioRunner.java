package dev.architect.benchmarks.failover;

import dev.architect.benchmarks.failover.RunRecord.AskedRequest;
import dev.architect.benchmarks.failover.server.FaultAction;
import dev.architect.benchmarks.failover.server.FaultProfile;
import dev.architect.benchmarks.failover.server.FaultServer;
import dev.architect.benchmarks.failover.server.LoggedCall;
import dev.architect.benchmarks.failover.subject.AskForm;
import dev.architect.benchmarks.failover.subject.Subject;
import dev.architect.benchmarks.failover.subject.SubjectKind;
import dev.architect.benchmarks.failover.subject.SubjectOutcome;
import dev.architect.benchmarks.failover.subject.SubjectSettings;
import dev.architect.benchmarks.failover.subject.SubjectSetup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs one scenario once, with a fault server and an instance of the client of its own. */
final class ScenarioRunner {

    private static final long HEALTHY_MILLIS = 10_000;
    /** How long after an outage the primary may stay unused. */
    private static final long RETURN_MILLIS = 30_000;
    /** Requests at once. */
    private static final int CROWD = 100;
    /** Requests one after the other. */
    private static final int IN_A_ROW = 3;

    private final FailoverScenario scenario;
    private final FaultProfile profile;
    private final Subject subject;
    private final FaultServer server;
    private final long maxMillis;

    private ScenarioRunner(
            FailoverScenario scenario, FaultProfile profile, Subject subject, FaultServer server, long maxMillis) {
        this.scenario = scenario;
        this.profile = profile;
        this.subject = subject;
        this.server = server;
        this.maxMillis = maxMillis;
    }

    /** Blocks for as long as the scenario takes. */
    static RunRecord run(
            SubjectKind kind, String dialect, FailoverScenario scenario, SubjectSettings settings, FaultProfile profile)
            throws InterruptedException {
        return run(kind, dialect, scenario, settings, profile, scenario.maxMillis());
    }

    /** Does the same, and gives a request up after {@code maxMillis}. */
    static RunRecord run(
            SubjectKind kind,
            String dialect,
            FailoverScenario scenario,
            SubjectSettings settings,
            FaultProfile profile,
            long maxMillis)
            throws InterruptedException {
        try (FaultServer server = new FaultServer(profile);
                Subject subject = kind.factory()
                        .apply(new SubjectSetup(
                                server.address(),
                                dialect,
                                scenario.primary(),
                                scenario.fallback(),
                                settings,
                                scenario.form()))) {
            return new ScenarioRunner(scenario, profile, subject, server, maxMillis).run();
        }
    }

    private RunRecord run() throws InterruptedException {
        server.reset();
        List<AskedRequest> requests = requests();
        int calls = server.calls().size();
        String problem = subject.recordProblem(calls);
        AskedRequest healthy = ask(subject::askHealthy, HEALTHY_MILLIS);
        // Read after the healthy call, so that a client had the time to leave the calls that lost.
        return new RunRecord(requests, server.calls().subList(0, calls), healthy, problem);
    }

    private List<AskedRequest> requests() throws InterruptedException {
        if (scenario == FailoverScenario.S15) {
            return outage();
        }
        List<AskedRequest> requests = new ArrayList<>();
        if (scenario.form() == AskForm.NUMBERED) {
            List<CompletableFuture<AskedRequest>> running = new ArrayList<>();
            for (int i = 0; i < CROWD; i++) {
                running.add(started(maxMillis));
            }
            running.forEach(each -> requests.add(each.join()));
            return requests;
        }
        int count = scenario.form() == AskForm.TWO_KEYS ? IN_A_ROW : 1;
        for (int i = 0; i < count; i++) {
            requests.add(ask(subject::ask, maxMillis));
        }
        return requests;
    }

    private CompletableFuture<AskedRequest> started(long mostMillis) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return ask(subject::ask, mostMillis);
                    } catch (InterruptedException stopped) {
                        throw new IllegalStateException(stopped);
                    }
                },
                work -> start(work, "request"));
    }

    /**
     * Sends the requests at their times, whether earlier ones have ended or not. When the primary was not used again with the
     * last one, more follow for as long as it may take.
     */
    private List<AskedRequest> outage() throws InterruptedException {
        List<CompletableFuture<AskedRequest>> running = new ArrayList<>();
        long gap = profile.requestGapMillis();
        for (int i = 0; i < profile.requests() || isPrimaryMissed(); i++) {
            double wait = i * gap - server.nowMillis();
            if (wait > 0) {
                new CountDownLatch(1).await((long) wait, TimeUnit.MILLISECONDS);
            }
            running.add(started(RETURN_MILLIS));
        }
        return running.stream().map(CompletableFuture::join).toList();
    }

    private boolean isPrimaryMissed() {
        return server.nowMillis() < profile.outageMillis() + RETURN_MILLIS
                && server.calls().stream().noneMatch(this::isReturn);
    }

    private boolean isReturn(LoggedCall call) {
        return call.model().endsWith(scenario.primary()) && call.action() == FaultAction.ANSWER;
    }

    private AskedRequest ask(Callable<SubjectOutcome> request, long mostMillis) throws InterruptedException {
        CompletableFuture<SubjectOutcome> outcome = new CompletableFuture<>();
        double start = server.nowMillis();
        Thread thread = start(
                () -> {
                    try {
                        outcome.complete(request.call());
                    } catch (Throwable failure) { // Whatever a client throws is its outcome.
                        outcome.complete(SubjectOutcome.failed("", failure));
                    }
                },
                "subject");
        try {
            SubjectOutcome ended = outcome.get(mostMillis, TimeUnit.MILLISECONDS);
            return new AskedRequest(start, server.nowMillis(), ended);
        } catch (TimeoutException hung) {
            thread.interrupt();
            return new AskedRequest(start, server.nowMillis(), SubjectOutcome.hung());
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Thread start(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
