package dev.architect.router.learned;

import dev.architect.router.regression.VectorTrees;
import dev.architect.router.regression.WordTable;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Predicts how good the answers of several models to a prompt would be, and chooses one of them by quality and price. It recognises the task
 * of a prompt by its words and its shape, and starts from how good each model is at that. For a prompt of another kind than it was trained
 * on, a model is expected to be as good as it was over all. The same file and prompt give the same numbers on every JVM. Immutable and safe for use by several threads.
 */
public final class QualityModel {

    static final String KIND = "GAIAMANY";

    /** The most models. */
    public static final int MOST_MODELS = 50;

    /** The most tasks. */
    public static final int MOST_TASKS = 100;

    private final List<String> models;
    private final List<String> tasks;
    private final double[] prices;
    private final Parts parts;
    private final double[] weights;
    private final double[] overall;
    private final SourceCheck source;
    private final PriceDial dial;
    private final int rows;

    QualityModel(
            List<String> models,
            List<String> tasks,
            double[] prices,
            Parts parts,
            double[] weights,
            double[] overall,
            SourceCheck source,
            PriceDial dial,
            int rows) {
        this.models = models;
        this.tasks = tasks;
        this.prices = prices;
        this.parts = parts;
        this.weights = weights;
        this.overall = overall;
        this.source = source;
        this.dial = dial;
        this.rows = rows;
    }

    /**
     * What is expected of the models for a prompt.
     *
     * @param qualities for each model the expected quality of its answer, from 0 to 1
     * @param task the most probable of the tasks that it was trained on; an empty text when they had no names
     * @param isFamiliar whether the prompt is of the kind that it was trained on; otherwise the qualities are those over all prompts
     */
    public record Expectation(Map<String, Double> qualities, String task, boolean isFamiliar) {}

    /**
     * What predicts.
     *
     * @param means for each task the mean quality of each model
     * @param taskWords the probabilities of the tasks by words
     * @param taskShapes the same by shape
     * @param words what words say beyond the task, for each model
     * @param shapes the same of the shape
     * @param seen the slots that some row had
     */
    record Parts(
            double[][] means,
            WordTable taskWords,
            VectorTrees taskShapes,
            WordTable words,
            VectorTrees shapes,
            BitSet seen) {

        double[] tasks(float[] features, int[] slots) {
            double[] byWords = taskWords.predict(slots);
            double[] byShape = taskShapes.predict(features);
            for (int task = 0; task < byWords.length; task++) {
                byWords[task] = (byWords[task] + byShape[task]) / 2;
            }
            return byWords;
        }

        /** What the task says of each model, and then what words and shape add to it. */
        double[][] predict(double[] tasks, float[] features, int[] slots) {
            double[] base = new double[means[0].length];
            for (int task = 0; task < tasks.length; task++) {
                for (int model = 0; model < base.length; model++) {
                    base[model] += tasks[task] * means[task][model];
                }
            }
            return new double[][] {base, words.predict(slots), shapes.predict(features)};
        }

        double known(int[] slots) {
            int known = 0;
            for (int slot : slots) {
                known += seen.get(slot) ? 1 : 0;
            }
            return slots.length == 0 ? 1 : (double) known / slots.length;
        }

        void write(DataOutput out) throws IOException {
            for (double[] task : means) {
                for (double mean : task) {
                    out.writeDouble(mean);
                }
            }
            taskWords.write(out);
            taskShapes.write(out);
            words.write(out);
            shapes.write(out);
            byte[] bits = seen.toByteArray();
            out.writeInt(bits.length);
            out.write(bits);
        }

        static Parts read(DataInput in, int tasks, int models) throws IOException {
            double[][] means = new double[tasks][models];
            for (double[] task : means) {
                for (int model = 0; model < models; model++) {
                    task[model] = ModelFile.finite("mean", in.readDouble());
                }
            }
            WordTable taskWords = WordTable.read(in, tasks);
            VectorTrees taskShapes = VectorTrees.read(in, PromptShape.FEATURES, tasks);
            WordTable words = WordTable.read(in, models);
            VectorTrees shapes = VectorTrees.read(in, PromptShape.FEATURES, models);
            byte[] bits = new byte[ModelFile.count("words", in.readInt(), WordModel.SLOTS / Byte.SIZE)];
            in.readFully(bits);
            return new Parts(means, taskWords, taskShapes, words, shapes, BitSet.valueOf(bits));
        }
    }

    /** The weighted sum of the parts. */
    static double[] blend(double[][] parts, double[] weights) {
        double[] sum = parts[0].clone();
        for (int part = 1; part < parts.length; part++) {
            for (int model = 0; model < sum.length; model++) {
                sum[model] += weights[part - 1] * parts[part][model];
            }
        }
        return sum;
    }

    /**
     * Loads a model file.
     *
     * @throws LearnedModelException when it is damaged, or of another version
     */
    public static QualityModel load(Path file) throws IOException {
        return parse(Files.readAllBytes(ModelChecks.notNull("file", file)));
    }

    /** Does the same with the bytes of a file. */
    public static QualityModel parse(byte[] bytes) {
        return ModelFile.read(KIND, ModelChecks.notNull("bytes", bytes), in -> {
            List<String> models = names(in, "models", MOST_MODELS);
            double[] prices = numbers(in, "price", models.size());
            List<String> tasks = names(in, "tasks", MOST_TASKS);
            return new QualityModel(
                    models,
                    tasks,
                    prices,
                    Parts.read(in, tasks.size(), models.size()),
                    numbers(in, "weight", 2),
                    numbers(in, "quality", models.size()),
                    SourceCheck.read(in),
                    PriceDial.read(in),
                    ModelFile.count("rows", in.readInt(), Integer.MAX_VALUE));
        });
    }

    private static List<String> names(DataInput in, String field, int most) throws IOException {
        int count = ModelFile.count(field, in.readInt(), most);
        if (count == 0) {
            throw new LearnedModelException(field, "0", "at least 1");
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(in.readUTF());
        }
        return List.copyOf(names);
    }

    private static double[] numbers(DataInput in, String field, int count) throws IOException {
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = ModelFile.finite(field, in.readDouble());
        }
        return numbers;
    }

    /** The bytes of its file. */
    public byte[] toBytes() {
        return ModelFile.write(KIND, out -> {
            write(out, models);
            write(out, prices);
            write(out, tasks);
            parts.write(out);
            write(out, weights);
            write(out, overall);
            source.write(out);
            dial.write(out);
            out.writeInt(rows);
        });
    }

    private static void write(DataOutput out, List<String> names) throws IOException {
        out.writeInt(names.size());
        for (String name : names) {
            out.writeUTF(name);
        }
    }

    private static void write(DataOutput out, double[] numbers) throws IOException {
        for (double number : numbers) {
            out.writeDouble(number);
        }
    }

    /** Returns what is expected of each model for a prompt. */
    public Expectation expect(String prompt) {
        PromptShape shape = PromptShape.of(ModelChecks.notNull("prompt", prompt));
        float[] features = shape.features();
        int[] slots = shape.slots();
        double[] probabilities = parts.tasks(features, slots);
        boolean isFamiliar = source.isFamiliar(features, parts.known(slots));
        double[] expected = isFamiliar ? blend(parts.predict(probabilities, features, slots), weights) : overall;
        Map<String, Double> qualities = new LinkedHashMap<>();
        for (int model = 0; model < models.size(); model++) {
            qualities.put(models.get(model), Math.max(0, Math.min(1, expected[model])));
        }
        int task = 0;
        for (int each = 1; each < probabilities.length; each++) {
            task = probabilities[each] > probabilities[task] ? each : task;
        }
        return new Expectation(Collections.unmodifiableMap(qualities), tasks.get(task), isFamiliar);
    }

    /**
     * Chooses a model for a prompt: the one with the most expected quality after its price.
     *
     * @param setting a place of {@link #dial}
     */
    public String choose(String prompt, PriceDial.Setting setting) {
        double[] qualities = expect(prompt).qualities().values().stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
        return models.get(PriceDial.best(
                qualities, prices, ModelChecks.notNull("setting", setting).priceWeight()));
    }

    /** The settings that it can be used with. */
    public PriceDial dial() {
        return dial;
    }

    /** The names of the models, in alphabetical order. */
    public List<String> models() {
        return models;
    }

    /** The price of each model that was given for training. */
    public Map<String, Double> prices() {
        Map<String, Double> named = new LinkedHashMap<>();
        for (int model = 0; model < models.size(); model++) {
            named.put(models.get(model), prices[model]);
        }
        return Collections.unmodifiableMap(named);
    }

    /** How many outcomes it was trained on. */
    public int rows() {
        return rows;
    }
}
