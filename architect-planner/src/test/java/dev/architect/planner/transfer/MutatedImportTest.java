package dev.architect.planner.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.project.PlanningException;
import dev.architect.project.ProjectId;
import dev.architect.project.transfer.ImportException;
import dev.architect.project.transfer.ImportTarget;
import dev.architect.project.transfer.ProjectArchive;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Files of which some bytes were changed are imported or refused, and never anything else. */
class MutatedImportTest {

    private static final int ROUNDS = 150;
    private static final ImportOptions OPTIONS =
            new ImportOptions(Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Map.of(), 10_000_000);
    private static final String[] WORDS = {
        "null",
        "\"\"",
        "-1",
        "[]",
        "{}",
        "1e99",
        "\"..\"",
        "true",
        "\\",
        "\"",
        ",",
        "0",
        "9999999999999",
        "\u0000",
        "i1",
        "x1",
        "@m1",
        "\n"
    };

    private static byte[] mutated(byte[] content, Random random) {
        byte[] changed = content.clone();
        for (int i = 0; i <= random.nextInt(3); i++) {
            int at = random.nextInt(changed.length);
            byte[] word = WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.UTF_8);
            switch (random.nextInt(4)) {
                case 0 -> changed[at] = (byte) random.nextInt(256);
                case 1 -> {
                    byte[] shorter = new byte[changed.length - 1];
                    System.arraycopy(changed, 0, shorter, 0, at);
                    System.arraycopy(changed, at + 1, shorter, at, shorter.length - at);
                    changed = shorter;
                }
                default -> {
                    byte[] longer = new byte[changed.length + word.length];
                    System.arraycopy(changed, 0, longer, 0, at);
                    System.arraycopy(word, 0, longer, at, word.length);
                    System.arraycopy(changed, at, longer, at + word.length, changed.length - at);
                    changed = longer;
                }
            }
        }
        return changed;
    }

    private static void mutate(ImportFormat format, byte[] content, long seed) {
        Random random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] changed = mutated(content, random);
            ImportFixture fixture = new ImportFixture();
            try {
                fixture.run(format, changed, OPTIONS);
            } catch (ImportException | PlanningException refusal) {
                refused++;
                assertThat(fixture.rows()).isZero();
            } catch (RuntimeException other) {
                throw new AssertionError(
                        "seed " + seed + ", round " + round + ": " + new String(changed, StandardCharsets.UTF_8),
                        other);
            }
        }
        assertThat(refused).as("seed " + seed).isPositive();
    }

    @Test
    void everythingElseIsRefused() {
        long seed = System.nanoTime();
        mutate(ImportFormat.VIBE_KANBAN, KanbanImportTest.export(), seed);
        mutate(ImportFormat.VIBE_KANBAN, ImportFixture.bytes(KanbanImportTest.ROWS), seed);
        mutate(ImportFormat.TASK_MASTER, ImportFixture.bytes(TaskMasterImportTest.TAGGED), seed);
        mutate(ImportFormat.GITHUB, ImportFixture.bytes(GitHubImportTest.REST), seed);
        ImportFixture fixture = new ImportFixture();
        fixture.run(ImportFormat.VIBE_KANBAN, KanbanImportTest.export(), ImportOptions.NONE);
        mutate(
                ImportFormat.ARCHITECT,
                ArchiveFile.write(fixture.projects.imports().export(new ProjectId("shop"), 1_000_000)),
                seed);
    }

    /** Behind the manifest: the lines of an archive, which somebody has changed together with it. */
    @Test
    void changedLinesOfAnArchiveAreRefused() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ImportFixture made = new ImportFixture();
        made.run(ImportFormat.VIBE_KANBAN, KanbanImportTest.export(), ImportOptions.NONE);
        var archive = made.projects.imports().export(new ProjectId("shop"), 1_000_000);
        for (int round = 0; round < ROUNDS; round++) {
            var tables = new LinkedHashMap<>(archive.tables());
            var full = tables.entrySet().stream()
                    .filter(each -> !each.getValue().isEmpty())
                    .toList();
            var table = full.get(random.nextInt(full.size()));
            String text = new String(
                    mutated(String.join("\n", table.getValue()).getBytes(StandardCharsets.UTF_8), random),
                    StandardCharsets.UTF_8);
            tables.put(table.getKey(), List.of(text.split("\n", -1)));
            ImportFixture fixture = new ImportFixture();
            try {
                fixture.projects
                        .imports()
                        .restore(new ProjectArchive(tables, archive.contents(), List.of()), Optional.empty());
            } catch (ImportException | PlanningException refusal) {
                assertThat(fixture.rows()).isZero();
                continue;
            } catch (RuntimeException other) {
                throw new AssertionError(
                        "seed " + seed + ", round " + round + ": " + table.getKey() + "\n" + text, other);
            }
            // What was taken is whole: it can be written and read again.
            ProjectId taken = fixture.projects.list(Optional.empty(), 1).get(0).id();
            assertThat(made.projects
                            .imports()
                            .previewRestore(
                                    fixture.projects.imports().export(taken, 1_000_000),
                                    Optional.of(new ImportTarget(new ProjectId("copy"), "COPY")))
                            .isNew())
                    .as("seed " + seed + ", round " + round + ": " + table.getKey() + "\n" + text)
                    .isTrue();
        }
        assertThat(made.rows()).isEqualTo(1);
    }
}
