package dev.architect.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.cost.GroupSpend;
import dev.architect.cost.Money;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.spi.Store;
import dev.architect.store.sqlite.SqliteStore;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The ledger of a process that is killed while it makes calls. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class KilledLedgerTest {

    private static final int KILLS = 3;
    private static final int CALLS = 40;

    @TempDir
    private Path folder;

    /** Bifrost 3357: ten seconds of calls were lost with the process. Here each call that was answered is in the ledger, at its price. */
    @Test
    void losesNoCommittedRowOnKill() throws Exception {
        Path file = folder.resolve("architect.db");
        int answered = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            answered += answeredUntilKilled(file, CALLS + kill);
        }

        try (Store store = SqliteStore.at(file)) {
            List<GroupSpend> outcomes =
                    store.ledger().spendBy(SpendDimension.OUTCOME, (ReportPeriod.Between) ReportPeriod.all());
            GroupSpend committed = outcomes.stream()
                    .filter(group -> group.group().equals("ANSWERED"))
                    .findFirst()
                    .orElseThrow();
            // The last answer of a process may be recorded and not printed yet.
            assertThat(committed.calls().all()).isBetween((long) answered, (long) answered + KILLS);
            assertThat(committed.cost().exact().picoUsd())
                    .isEqualTo(Money.ofUsd("0.01001")
                            .times(committed.calls().all())
                            .picoUsd());
        }
    }

    private int answeredUntilKilled(Path file, int calls) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SpendingProcess.class.getName(),
                        "record",
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("errors").toFile()))
                .start();
        int answered = 0;
        try (BufferedReader output = process.inputReader(StandardCharsets.US_ASCII)) {
            while (answered < calls) {
                assertThat(output.readLine()).isEqualTo("answered " + (answered + 1));
                answered++;
            }
            // By its handle, because destroying the process would close its output.
            process.toHandle().destroyForcibly();
            // What it had printed before it was gone counts as well; the last line may be cut.
            String line = output.readLine();
            while (line != null && line.equals("answered " + (answered + 1))) {
                answered++;
                line = output.readLine();
            }
        } finally {
            process.destroyForcibly();
        }
        return answered;
    }
}
