package dev.architect.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.model.Capability;
import dev.architect.prompt.PromptTasks;
import dev.architect.prompt.PromptWorker;
import dev.architect.task.TaskRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    void everyPlaceholderIsFilledIn() {
        assertThat(tasks)
                .allSatisfy(
                        task -> assertThat(PromptTasks.requestOf(task).prompt()).doesNotContainPattern("\\{\\w+}"));
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
                .filter(task -> needs(task).contains(Capability.WEB_SEARCH))
                .count();
        int share = corpus.kinds().stream()
                .filter(kind -> "web-search".equals(kind.needs()))
                .mapToInt(Corpus.Kind::weight)
                .sum();

        assertThat(searches).isBetween(MANY * share / weights / 2L, MANY * share / weights * 2L);
        assertThat(tasks).anyMatch(task -> needs(task).contains(Capability.DOCUMENTS));
        assertThat(tasks.stream()
                        .map(task -> task.attribution().project().name())
                        .collect(Collectors.toSet()))
                .isEqualTo(corpus.kinds().stream().map(Corpus.Kind::project).collect(Collectors.toSet()));
    }

    @Test
    void promptsDiffer() {
        assertThat(new HashSet<>(tasks)).hasSizeGreaterThan(MANY / 20);
    }

    private static Set<Capability> needs(TaskRequest task) {
        return PromptTasks.requestOf(task).selection().needs();
    }
}
