package dev.architect.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.Architect;
import dev.architect.budget.Budget;
import dev.architect.budget.BudgetAmount;
import dev.architect.budget.BudgetDecision;
import dev.architect.budget.BudgetExceededException;
import dev.architect.budget.BudgetMode;
import dev.architect.budget.BudgetPeriod;
import dev.architect.budget.BudgetScope;
import dev.architect.budget.BudgetState;
import dev.architect.budget.BudgetStore;
import dev.architect.cost.Money;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import dev.architect.postgres.PostgresServer.StopMode;
import dev.architect.postgres.PostgresServer.Version;
import dev.architect.spend.SpendFilter;
import dev.architect.spend.SpendTotals;
import dev.architect.spi.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that spend from one budget on PostgreSQL, while some of them die, and while the store is down. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class SharedBudgetProcessTest {

    private static final Money DOLLAR = Money.ofUsd("1");
    private static final int PROCESSES = 3;
    private static final int CALLS = 1_000;
    private static final Duration PAUSE = Duration.ofMillis(20);

    private static PostgresServer server;

    @TempDir
    private Path folder;

    private PostgresDatabase database;

    @BeforeAll
    static void startServer() {
        server = PostgresServer.start(Version.V15, Map.of("max_connections", "200"));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void createDatabase() {
        database = server.createDatabase();
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    private Store open() {
        return SpendingProcess.open(database.jdbcUrl(), database.user(), database.password());
    }

    private static void setDollar(Store store) {
        store.budgets()
                .orElseThrow()
                .set(new Budget("dollar", BudgetScope.ALL, BudgetPeriod.TOTAL, DOLLAR, BudgetMode.HARD));
    }

    private static BudgetState state(Store store) {
        return store.budgets().orElseThrow().states().get(0);
    }

    private Process start(String what, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SpendingProcess.class.getName(),
                what,
                database.jdbcUrl(),
                database.user(),
                database.password()));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("errors").toFile()))
                .start();
    }

    private String line(BufferedReader reader) throws IOException {
        String line = reader.readLine();
        assertThat(line).as(errors()).isNotNull();
        return line;
    }

    private String errors() throws IOException {
        String text = Files.readString(folder.resolve("errors"));
        return text.substring(Math.max(0, text.length() - 4_000));
    }

    @Test
    void threeProcessesDoNotOverspendADollarTogether() throws Exception {
        List<Process> processes = new ArrayList<>();
        try (Store store = open()) {
            setDollar(store);
            List<BufferedReader> outputs = new ArrayList<>();
            for (int i = 0; i < PROCESSES; i++) {
                processes.add(start("spend", Integer.toString((CALLS + PROCESSES - 1) / PROCESSES)));
                outputs.add(processes.get(i).inputReader(StandardCharsets.US_ASCII));
            }
            for (BufferedReader output : outputs) {
                assertThat(line(output)).isEqualTo("ready");
            }
            for (Process process : processes) {
                process.outputWriter().append('\n').close();
            }
            int answered = 0;
            int refused = 0;
            int calls = 0;
            for (BufferedReader output : outputs) {
                String[] words = line(output).split(" ");
                answered += Integer.parseInt(words[1]);
                refused += Integer.parseInt(words[3]);
                calls += Integer.parseInt(words[5]);
            }

            assertThat(answered).isBetween(90, 99);
            assertThat(calls).as("calls to the provider").isEqualTo(answered);
            assertThat(answered + refused).isGreaterThanOrEqualTo(CALLS);
            BudgetState state = state(store);
            assertThat(state.spent()).isLessThanOrEqualTo(DOLLAR);
            assertThat(state.reserved()).isEqualTo(Money.ZERO);
            SpendTotals booked = SpendTotals.sum(store.ledger()
                    .spendBy(SpendDimension.PROVIDER, SpendFilter.ALL, (ReportPeriod.Between) ReportPeriod.all()));
            assertThat(booked.calls().all()).isEqualTo(answered);
            assertThat(booked.cost().spent().picoUsd())
                    .isEqualTo(state.spent().picoUsd())
                    .isEqualTo(Money.ofUsd("0.01001").times(answered).picoUsd());
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    @Test
    void whatAKilledProcessHadReservedIsFreeAfterItsLifetime() throws Exception {
        Duration lifetime = Duration.ofSeconds(5);
        try (Store store = open()) {
            setDollar(store);
            BudgetStore budgets = store.budgets().orElseThrow();
            Process holder = start("hold", "dollar", "0.95", Long.toString(lifetime.toMillis()));
            long held = 0;
            try {
                assertThat(line(holder.inputReader(StandardCharsets.US_ASCII))).isEqualTo("held");
                held = System.nanoTime();
            } finally {
                holder.destroyForcibly().waitFor();
            }
            assertThat(state(store).reserved()).isEqualTo(Money.ofUsd("0.95"));

            BudgetDecision decision;
            int tries = 0;
            do {
                // Not as fast as it can: a core of the machine would be busy with it.
                LockSupport.parkNanos(PAUSE.toNanos());
                // Each with an id of its own, since a reservation is decided once.
                decision = budgets.reserve(
                        "next-" + tries++, List.of(new BudgetAmount("dollar", DOLLAR)), Duration.ofMinutes(1));
            } while (decision.refusedBy().isPresent() && System.nanoTime() - held < lifetime.toNanos() * 3);

            assertThat(decision.refusedBy()).isEmpty();
            assertThat(tries).as("tries while it was held").isGreaterThan(1);
            assertThat(Duration.ofNanos(System.nanoTime() - held)).isLessThan(lifetime.multipliedBy(2));
            assertThat(state(store).reserved()).isEqualTo(DOLLAR);
        }
    }

    @Test
    void nothingIsCalledWhileTheStoreIsDown() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (Architect architect = SpendingProcess.architect(open(), "spender", calls)) {
            architect.budgets().set(new Budget("dollar", BudgetScope.ALL, BudgetPeriod.TOTAL, DOLLAR, BudgetMode.HARD));
            architect.chat(SpendingProcess.request());
            assertThat(calls).hasValue(1);

            server.stop(StopMode.FAST);
            try {
                BudgetExceededException refusal = catchThrowableOfType(
                        BudgetExceededException.class, () -> architect.chat(SpendingProcess.request()));

                assertThat(refusal.reason()).isEqualTo(BudgetExceededException.Reason.STORE_FAILED);
                assertThat(refusal.isTransient()).isTrue();
                assertThat(calls).hasValue(1);
            } finally {
                server.restart();
            }
            architect.chat(SpendingProcess.request());
            assertThat(calls).hasValue(2);
            assertThat(architect.budgets().states().get(0).spent())
                    .isEqualTo(Money.ofUsd("0.01001").times(2));
        }
    }
}
