package dev.architect.cli.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Quality;
import dev.architect.model.Capability;
import dev.architect.project.ProjectId;
import dev.architect.prompt.PromptTasks;
import dev.architect.simulator.script.SeededRandom;
import dev.architect.task.Priority;
import dev.architect.task.TaskRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The work of an ordinary office, made from {@code corpus.json}: kinds of tasks with their share, and templates whose placeholders
 * in braces are filled in. Immutable.
 *
 * @param kinds the kinds of tasks
 * @param words what fills the braces, by name
 */
record Corpus(List<Kind> kinds, Map<String, List<String>> words) {

    private static final String FILE = "corpus.json";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");

    /**
     * One kind of task.
     *
     * @param name what people call it
     * @param weight its share among all kinds
     * @param project what it is filed under
     * @param templates the prompts
     * @param quality the least quality; null leaves it to the router
     * @param needs what the model must be able to do; null for nothing special
     * @param priority {@code high} or {@code low}; null for ordinary
     */
    record Kind(
            String name,
            int weight,
            String project,
            List<String> templates,
            @Nullable String quality,
            @Nullable String needs,
            @Nullable String priority) {

        private Quality leastQuality() {
            return quality == null ? Quality.AUTO : constant(Quality.class, quality);
        }

        private Set<Capability> neededCapabilities() {
            return needs == null ? Set.of() : Set.of(constant(Capability.class, needs));
        }

        private static <E extends Enum<E>> E constant(Class<E> type, String word) {
            return Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_'));
        }

        private Priority taskPriority() {
            if (priority == null) {
                return Priority.NORMAL;
            }
            return priority.equals("high") ? Priority.HIGH : Priority.LOW;
        }
    }

    /** Returns the corpus that comes with the demo. */
    static Corpus builtIn() {
        try (InputStream file = Corpus.class.getResourceAsStream(FILE)) {
            return new ObjectMapper().readValue(file, Corpus.class);
        } catch (IOException damagedJar) {
            throw new UncheckedIOException(FILE + " cannot be read", damagedJar);
        }
    }

    /** Returns {@code count} tasks; the same seed gives the same ones. */
    List<TaskRequest> tasks(int count, long seed) {
        SeededRandom random = new SeededRandom(seed);
        int weights = kinds.stream().mapToInt(Kind::weight).sum();
        List<TaskRequest> tasks = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            tasks.add(task(pick(random.below(weights)), random));
        }
        return tasks;
    }

    private Kind pick(int rolled) {
        int left = rolled;
        for (Kind kind : kinds) {
            left -= kind.weight;
            if (left < 0) {
                return kind;
            }
        }
        throw new IllegalArgumentException("rolled is " + rolled + ", expected less than the sum of the weights");
    }

    private TaskRequest task(Kind kind, SeededRandom random) {
        String template = kind.templates.get(random.below(kind.templates.size()));
        String prompt = PLACEHOLDER.matcher(template).replaceAll(found -> {
            List<String> choices = words.getOrDefault(found.group(1), List.of());
            return Matcher.quoteReplacement(choices.get(random.below(choices.size())));
        });
        ChatRequest request = ChatRequest.builder(prompt)
                .quality(kind.leastQuality())
                .needs(kind.neededCapabilities())
                .build();
        return PromptTasks.of(request).withProject(new ProjectId(kind.project)).withPriority(kind.taskPriority());
    }
}
