package dev.architect.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.schedule.PromptWorker;
import dev.architect.task.TaskRequest;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class CorpusTest {

    private static final int MANY = 5_000;

    private final List<TaskRequest> tasks = Corpus.builtIn().tasks(MANY, 1);

    @Test
    void theSameSeedGivesTheSameTasks() {
        assertThat(Corpus.builtIn().tasks(MANY, 1)).isEqualTo(tasks);
        assertThat(Corpus.builtIn().tasks(MANY, 2)).isNotEqualTo(tasks);
        assertThat(Corpus.builtIn().tasks(10, 1)).isEqualTo(tasks.subList(0, 10));
    }

    @Test
    void everyWordIsFilledIn() {
        assertThat(tasks).allSatisfy(task -> assertThat(task.payload()).doesNotContainPattern("\\{\\w+}"));
    }

    @Test
    void theWorkerTakesEveryTask() {
        assertThat(tasks).allSatisfy(new PromptWorker()::check);
    }

    @Test
    void everyKindOccursByItsWeight() {
        Corpus corpus = Corpus.builtIn();
        int weights = corpus.kinds().stream().mapToInt(Corpus.Kind::weight).sum();

        long searches = tasks.stream()
                .filter(task -> "web-search".equals(task.attributes().get("needs")))
                .count();
        int share = corpus.kinds().stream()
                .filter(kind -> "web-search".equals(kind.needs()))
                .mapToInt(Corpus.Kind::weight)
                .sum();

        assertThat(searches).isBetween(MANY * share / weights / 2L, MANY * share / weights * 2L);
        assertThat(tasks).anyMatch(task -> "documents".equals(task.attributes().get("needs")));
        assertThat(tasks.stream().map(task -> task.project().name()).collect(Collectors.toSet()))
                .isEqualTo(corpus.kinds().stream().map(Corpus.Kind::project).collect(Collectors.toSet()));
    }

    @Test
    void promptsDiffer() {
        assertThat(new HashSet<>(tasks)).hasSizeGreaterThan(MANY / 20);
    }
}
