package dev.architect.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.FencingToken;
import dev.architect.task.TaskId;
import dev.architect.testkit.time.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalHistoryTest {

    private static final TaskId FIRST = new TaskId(256);
    private static final TaskId SECOND = new TaskId(512);

    @TempDir
    private Path folder;

    private final ManualTime time = new ManualTime();
    private final JournalHistory history = new JournalHistory();

    @BeforeEach
    void addNodes() {
        history.add("a", folder.resolve("a"));
        history.add("b", folder.resolve("b"));
    }

    private TaskJournal journal(String node) throws IOException {
        return TaskJournal.appendTo(folder.resolve(node), time);
    }

    private static FencingToken token(TaskId task, long epoch) {
        return new FencingToken(task, epoch, 1);
    }

    @Test
    void findsWhatANodeHasNotEndedAndWhereItBeganAgain() throws IOException {
        try (TaskJournal a = journal("a");
                TaskJournal b = journal("b")) {
            a.begun(token(FIRST, 1));
            a.begun(token(SECOND, 1));
            a.ended(token(SECOND, 1));
            history.read();
            JournalHistory.Begin lost = history.openOn("a").get(0);
            assertThat(history.openOn("a")).hasSize(1);
            assertThat(lost.task()).isEqualTo(FIRST);
            assertThat(history.after(lost)).isEmpty();

            time.advance(Duration.ofSeconds(9));
            b.begun(token(FIRST, 2));
            b.ended(token(FIRST, 2));
            history.read();

            assertThat(history.after(lost))
                    .singleElement()
                    .satisfies(again -> assertThat(again.node()).isEqualTo("b"))
                    .satisfies(
                            again -> assertThat(again.micros() - lost.micros()).isEqualTo(9_000_000));
            assertThat(history.endsOn("b")).hasSize(1);
            assertThat(history.begunAgain()).isEqualTo(1);
            assertThat(history.repeatedTokens()).isZero();
            history.closeBefore("a", lost.micros() + 1);
            assertThat(history.openOn("a")).isEmpty();
        }
    }

    @Test
    void countsAFencingTokenThatTwoAttemptsUsed() throws IOException {
        try (TaskJournal a = journal("a");
                TaskJournal b = journal("b")) {
            a.begun(token(FIRST, 1));
            b.begun(token(FIRST, 1));
        }
        history.read();

        assertThat(history.repeatedTokens()).isEqualTo(1);
    }

    @Test
    void theHalfLineOfAKilledNodeIsNoEntry() throws IOException {
        Files.writeString(folder.resolve("a"), "begun " + FIRST + " 1 17");
        history.read();
        assertThat(history.begins()).isEmpty();

        // A node that is started again appends to the same file; the broken line is no line of a journal.
        Files.writeString(
                folder.resolve("a"),
                "begun " + SECOND + " 1 18\nbegun " + SECOND + " 2 19\n",
                StandardOpenOption.APPEND);
        history.read();

        assertThat(history.begins()).extracting(JournalHistory.Begin::epoch).containsExactly(2L);
    }
}
