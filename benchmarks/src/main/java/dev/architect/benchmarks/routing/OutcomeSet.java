package dev.architect.benchmarks.routing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.benchmarks.InvalidOptionException;
import dev.architect.router.evaluation.OutcomeReader;
import dev.architect.router.learned.LearnedModelException;
import dev.architect.router.learned.RoutingModelTrainer;
import dev.architect.router.learned.RoutingOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Outcomes of a strong and a weak model on one set of questions.
 *
 * @param name the name of the folder, and what was done to its rows
 * @param outcomes the rows, without those that {@code contaminated_prompts.jsonl} names
 * @param corrected the row numbers of answers of the strong model that were graded wrong by mistake; empty for most sets
 */
record OutcomeSet(String name, List<RoutingOutcome> outcomes, Set<Integer> corrected) {

    private static final String PROMPT = "prompt";
    private static final String ANSWER_OF = "_response";
    private static final String FILE_PREFIX = "mmlu_";
    private static final int GSM8K_ROWS = 1_319;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Records of GSM8K in which "$20.00" was read as 0, by their number in the file: the strong answer is right. Places are those of the
     * rows after decontamination, see {@link #regraded}.
     */
    private static final Set<Integer> GSM8K_CORRECTIONS = Set.of(
            44, 58, 137, 151, 152, 195, 227, 256, 258, 261, 272, 358, 405, 430, 438, 466, 506, 507, 542, 567, 574, 584,
            615, 689, 698, 710, 717, 792, 827, 831, 832, 872, 873, 948, 1083, 1102, 1139, 1193, 1223, 1238, 1241, 1298);

    /** Reads the sets of a folder: one of each of its folders that has outcomes of two models, in CSV files; none when there are none. */
    static List<OutcomeSet> load(Path data) throws IOException {
        if (!Files.isDirectory(data)) {
            throw new InvalidOptionException("--data is '" + data + "', expected a directory with sets of outcomes");
        }
        List<OutcomeSet> sets = new ArrayList<>();
        for (Path folder : list(data, Files::isDirectory)) {
            read(folder).ifPresent(sets::add);
        }
        return sets;
    }

    private static Optional<OutcomeSet> read(Path folder) throws IOException {
        Path responses = folder.resolve("responses");
        boolean isGrouped = Files.isDirectory(responses);
        List<Path> files = list(isGrouped ? responses : folder, file -> isCsv(file.toString()));
        if (files.isEmpty()) {
            return Optional.empty();
        }
        String name = String.valueOf(folder.getFileName());
        OutcomeReader reader = OutcomeReader.of(columns(files));
        Set<String> contaminated = contaminated(folder.resolve("contaminated_prompts.jsonl"));
        List<RoutingOutcome> kept = new ArrayList<>();
        Set<Integer> corrected = new HashSet<>();
        int number = 0;
        for (Path file : files) {
            Optional<String> group = isGrouped ? Optional.of(groupOf(file)) : Optional.empty();
            for (RoutingOutcome read : named(file, () -> reader.read(file))) {
                if (!contaminated.contains(read.prompt())) {
                    if (name.equals("gsm8k") && GSM8K_CORRECTIONS.contains(number)) {
                        corrected.add(kept.size());
                    }
                    kept.add(new RoutingOutcome(
                            read.prompt(), read.strong(), read.weak(), group.or(read::group), read.weakAnswer()));
                }
                number++;
            }
        }
        // The corrections are of the file of RouteLLM: those of another with this name would be wrong.
        return Optional.of(new OutcomeSet(name, kept, number == GSM8K_ROWS ? corrected : Set.of()));
    }

    private static boolean isCsv(String name) {
        return name.endsWith(".csv") || name.endsWith(".csv.gz");
    }

    private static String groupOf(Path file) {
        String name = String.valueOf(file.getFileName()).replaceAll("\\.csv(\\.gz)?$", "");
        return name.startsWith(FILE_PREFIX) ? name.substring(FILE_PREFIX.length()) : name;
    }

    /** What can go wrong with a file is said with its name. */
    private static <T> T named(Path file, Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (LearnedModelException wrong) {
            throw new InvalidOptionException(file + ": " + wrong.getMessage());
        }
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException;
    }

    /** The columns of files of two models, of which the one with the better grades is the strong one; of equal ones the second. */
    private static OutcomeReader.Columns columns(List<Path> files) throws IOException {
        Map<String, Double> sums = new LinkedHashMap<>();
        for (Path file : files) {
            Map<String, Double> means = models(named(file, () -> OutcomeReader.qualityColumns(file)));
            if (means.size() != 2) {
                throw new InvalidOptionException(file + " has grades in the columns " + means.keySet()
                        + ", expected those of two models beside '" + PROMPT + "'");
            }
            if (!sums.isEmpty() && !sums.keySet().equals(means.keySet())) {
                throw new InvalidOptionException(
                        file + " has grades of " + means.keySet() + ", expected those of " + sums.keySet());
            }
            means.forEach((model, mean) -> sums.merge(model, mean, Double::sum));
        }
        List<String> models = List.copyOf(sums.keySet());
        boolean isFirstStrong = sums.getOrDefault(models.get(0), 0.0) > sums.getOrDefault(models.get(1), 0.0);
        String weak = models.get(isFirstStrong ? 1 : 0);
        return new OutcomeReader.Columns(PROMPT, models.get(isFirstStrong ? 0 : 1), weak, "group", weak + ANSWER_OF);
    }

    /** The columns of grades that are of models: those with answers, where there are others as well, such as a number of the row. */
    private static Map<String, Double> models(Map<String, Double> columns) {
        Map<String, Double> models = new LinkedHashMap<>(columns);
        models.keySet().removeIf(name -> name.equals(PROMPT) || name.equals("group") || name.endsWith(ANSWER_OF));
        models.remove("");
        return models;
    }

    private static Set<String> contaminated(Path file) throws IOException {
        Set<String> prompts = new HashSet<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                JsonNode prompt =
                        line.isBlank() ? JSON.nullNode() : JSON.readTree(line).path("eval_prompt");
                if (prompt.isTextual()) {
                    prompts.add(prompt.textValue());
                }
            }
        }
        return prompts;
    }

    static List<Path> list(Path folder, Predicate<Path> which) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(which).sorted().toList();
        }
    }

    /** The same rows with the mistaken grades put right; the set itself when there are none. */
    OutcomeSet regraded() {
        List<RoutingOutcome> rows = new ArrayList<>(outcomes);
        for (int row : corrected) {
            RoutingOutcome each = rows.get(row);
            rows.set(row, new RoutingOutcome(each.prompt(), 1, each.weak(), each.group(), each.weakAnswer()));
        }
        return new OutcomeSet(name + " regraded", rows, Set.of());
    }

    /** The rows of all groups but one. */
    OutcomeSet without(String group) {
        return new OutcomeSet(
                name + " without " + group,
                outcomes.stream()
                        .filter(each -> !each.group().equals(Optional.of(group)))
                        .toList(),
                Set.of());
    }

    boolean has(String group) {
        return outcomes.stream().anyMatch(each -> each.group().equals(Optional.of(group)));
    }

    /** Whether something can be learned from four fifths of the rows. */
    boolean hasEnoughRows() {
        return outcomes.size() * 4 / 5 >= RoutingModelTrainer.LEAST_ROWS;
    }

    boolean isGrouped() {
        return outcomes.stream().map(RoutingOutcome::group).distinct().count() >= 10;
    }

    boolean hasAnswers() {
        return outcomes.stream().allMatch(each -> each.weakAnswer().isPresent());
    }

    double[] strong() {
        return outcomes.stream().mapToDouble(RoutingOutcome::strong).toArray();
    }

    double[] weak() {
        return outcomes.stream().mapToDouble(RoutingOutcome::weak).toArray();
    }
}
