package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.cost.CallCharge;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallRoute;
import dev.architect.cost.CallTiming;
import dev.architect.cost.Cost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.cost.Money;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.task.TaskId;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Calls that were sent by a process that did not live to record them. */
class CallJournalTest {

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("architect.db");
    }

    private static LedgerEntry call(String id, Attribution attribution) {
        return new LedgerEntry(
                id,
                new CallOrigin("request-" + id, Optional.of(new TaskId(77)), 3, attribution, Optional.of("review")),
                new CallRoute(
                        Complexity.SIMPLE,
                        1,
                        new ModelId("openai", "gpt-5-nano"),
                        new ModelId("openai", "gpt-5-nano-2025")),
                new CallTiming(Instant.parse("2026-11-28T00:00:00.123456Z"), Duration.ZERO),
                CallOutcome.CANCELLED,
                Optional.of(FailureKind.CANCELLED),
                new Metering(TokenUsage.of(100, 20), UsageSource.ESTIMATED),
                new CallCharge(
                        Cost.priced(new Money(12_345)).estimated(), Optional.empty(), Cost.NOT_BILLED, "2026-11"),
                Optional.empty());
    }

    private static LedgerEntry call(String id) {
        return call(id, Attribution.DEFAULT);
    }

    private static LedgerEntry answered(LedgerEntry begun) {
        return new LedgerEntry(
                begun.callId(),
                begun.origin(),
                begun.route(),
                new CallTiming(begun.timing().startedAt(), Duration.ofSeconds(2)),
                CallOutcome.ANSWERED,
                Optional.empty(),
                new Metering(TokenUsage.of(101, 7), UsageSource.REPORTED),
                new CallCharge(
                        Cost.priced(new Money(9_999)),
                        Optional.of(new Money(9_998)),
                        Cost.priced(new Money(20_000)),
                        "2026-11"),
                Optional.of(StopReason.COMPLETE));
    }

    private List<Path> journals() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".calls")).toList();
        }
    }

    /** What is on the disk now becomes the file of a process that is no longer there. */
    private Path asOfADeadProcess() throws IOException {
        Path dead = directory.resolve("architect.db.dead.calls");
        return Files.copy(journals().get(0), dead);
    }

    private List<LedgerEntry> ledgerAfterOpening() {
        try (SqliteStore next = SqliteStore.at(file())) {
            return next.ledger().newest(1_000);
        }
    }

    @Test
    void everyFieldOfACallThatWasSentIsInTheLedgerAfterTheProcessHasDied() throws IOException {
        Attribution attribution = Attribution.of(new ProjectId("billing"))
                .withUser("zo\u00eb \"quoted\"")
                .withTag("team", "a{b}\n\u4e2d");
        LedgerEntry sent = call("1", attribution);
        try (SqliteStore store = SqliteStore.at(file())) {
            store.ledger().begin(sent);
            assertThat(store.ledger().newest(10)).isEmpty();
            asOfADeadProcess();
            store.ledger().record(List.of(answered(call("2"))));
        }

        assertThat(ledgerAfterOpening()).contains(sent).hasSize(2);
        assertThat(ledgerAfterOpening()).hasSize(2);
    }

    @Test
    void everyFieldOfAnAnsweredCallCanBeNoted() throws IOException {
        LedgerEntry entry = answered(call("1"));
        try (SqliteStore store = SqliteStore.at(file())) {
            store.ledger().begin(entry);
        }

        assertThat(ledgerAfterOpening()).containsExactly(entry);
    }

    @Test
    void aCallThatAnEarlierVersionHasNotedHasNoTypeOfTask() {
        String text = LedgerEntryText.write(call("1"));
        String earlier = text.replace(",\"taskType\":\"review\"", "");

        assertThat(earlier).isNotEqualTo(text).doesNotContain("taskType");
        assertThat(LedgerEntryText.read(text)).isEqualTo(call("1"));
        assertThat(LedgerEntryText.read(earlier).origin().taskType()).isEmpty();
        assertThat(LedgerEntryText.read(earlier).origin().task()).contains(new TaskId(77));
    }

    @Test
    void aCallThatWasRecordedBeforeTheProcessDiedKeepsItsExactEntry() throws IOException {
        LedgerEntry recorded = answered(call("1"));
        try (SqliteStore store = SqliteStore.at(file())) {
            store.ledger().begin(call("1"));
            asOfADeadProcess();
            store.ledger().record(List.of(recorded));
        }

        assertThat(ledgerAfterOpening()).containsExactly(recorded);
    }

    @Test
    void aStoreThatClosesInOrderLeavesNoFileUnlessACallIsNotInTheLedger() throws IOException {
        try (SqliteStore store = SqliteStore.at(file())) {
            assertThat(journals()).isEmpty();
            store.ledger().begin(call("1"));
            store.ledger().begin(call("2"));
            assertThat(journals()).hasSize(1);
            store.ledger().record(List.of(answered(call("1")), answered(call("2"))));
        }
        assertThat(journals()).isEmpty();

        try (SqliteStore store = SqliteStore.at(file())) {
            store.ledger().begin(call("3"));
        }
        assertThat(journals()).hasSize(1);
        assertThat(ledgerAfterOpening()).extracting(LedgerEntry::callId).containsExactlyInAnyOrder("1", "2", "3");
        assertThat(journals()).isEmpty();
    }

    @Test
    void callsOfAnotherStoreThatIsOpenInThisProcessAreItsOwn() throws IOException {
        try (SqliteStore first = SqliteStore.at(file())) {
            first.ledger().begin(call("1"));
            try (SqliteStore second = SqliteStore.at(file())) {
                assertThat(second.ledger().newest(10)).isEmpty();
                second.ledger().begin(call("2"));
                second.ledger().record(List.of(answered(call("2"))));
            }
            assertThat(journals()).hasSize(1);
            first.ledger().record(List.of(answered(call("1"))));
        }

        assertThat(journals()).isEmpty();
        assertThat(ledgerAfterOpening())
                .allSatisfy(entry -> assertThat(entry.outcome()).isEqualTo(CallOutcome.ANSWERED))
                .hasSize(2);
    }

    @Test
    void theFileIsAsLargeAsTheMostCallsAtATime() throws IOException {
        Attribution large = Attribution.DEFAULT;
        for (int tag = 0; tag < 16; tag++) {
            large = large.withTag("tag" + tag, "\u4e2d".repeat(256));
        }
        try (SqliteStore store = SqliteStore.at(file())) {
            for (int round = 0; round < 50; round++) {
                List<LedgerEntry> calls = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    calls.add(call(round + "-" + i, i % 3 == 0 ? large : Attribution.DEFAULT));
                }
                calls.forEach(store.ledger()::begin);
                // In another order, so that gaps of both sizes are filled again.
                int shift = round;
                store.ledger()
                        .record(IntStream.range(0, 10)
                                .mapToObj(i -> answered(calls.get((i * 7 + shift) % 10)))
                                .toList());
            }
            assertThat(Files.size(journals().get(0))).isLessThan(100_000);
            List<LedgerEntry> open =
                    IntStream.range(0, 10).mapToObj(i -> call("open-" + i)).toList();
            open.forEach(store.ledger()::begin);
            store.ledger().record(List.of(answered(open.get(4))));
            asOfADeadProcess();
            store.ledger()
                    .record(open.stream()
                            .filter(call -> !call.callId().equals("open-9"))
                            .map(CallJournalTest::answered)
                            .toList());
        }

        assertThat(ledgerAfterOpening())
                .filteredOn(entry -> entry.outcome() == CallOutcome.CANCELLED)
                .containsExactly(call("open-9"));
    }

    @Test
    void whatACrashHasCutOrAnotherVersionHasWrittenHoldsBackNothing() throws IOException {
        Path dead = directory.resolve("architect.db.dead.calls");
        try (SqliteStore store = SqliteStore.at(file())) {
            store.ledger().begin(call("1"));
            store.ledger().begin(call("2"));
            store.ledger().begin(call("3"));
            byte[] all = Files.readAllBytes(journals().get(0));
            // Within the text of the second one; the end of the third one is missing.
            all[all.length / 2] ^= 1;
            Files.write(dead, Arrays.copyOf(all, all.length - 1));
            store.ledger().record(List.of(answered(call("2")), answered(call("3"))));
            Files.write(directory.resolve("architect.db.empty.calls"), new byte[0]);
            Files.write(directory.resolve("architect.db.other.calls"), new byte[] {1, 2, 3});
            Files.write(directory.resolve("other.db.x.calls"), all);
        }

        // The first is whole; the others are cut, and recorded as they were answered.
        assertThat(ledgerAfterOpening()).extracting(LedgerEntry::callId).containsExactlyInAnyOrder("1", "2", "3");
        assertThat(journals()).containsExactly(directory.resolve("other.db.x.calls"));
    }

    @Test
    void anInterruptedCallerIsNotedAndKeepsItsInterruption() throws IOException {
        try (SqliteStore store = SqliteStore.at(file())) {
            Thread.currentThread().interrupt();
            store.ledger().begin(call("1"));
            assertThat(Thread.interrupted()).isTrue();
            store.ledger().begin(call("2"));
        }

        assertThat(ledgerAfterOpening()).extracting(LedgerEntry::callId).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theFileIsForItsOwnerOnly() throws IOException {
        try (SqliteStore store = SqliteStore.at(file())) {
            store.ledger().begin(call("1"));

            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(journals().get(0))))
                    .isEqualTo("rw-------");
        }
    }

    /** A directory in place of the file: it cannot be created, whoever runs the test. */
    @Test
    void aCallIsNotRefusedBecauseItCannotBeNoted() throws IOException {
        CallJournal journal = new CallJournal(file());
        Files.createDirectory(journal.path());

        journal.begin(call("1"));
        journal.settle(List.of(call("1")));
        journal.close();

        assertThat(journal.path()).isDirectory();
    }
}
