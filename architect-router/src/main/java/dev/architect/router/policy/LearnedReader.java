package dev.architect.router.policy;

import dev.architect.model.ModelId;
import dev.architect.router.bandit.BanditSettings;
import dev.architect.router.choice.LearnedSettings;
import dev.architect.router.choice.LearnedSettings.WhenUnusable;
import dev.architect.router.yaml.YamlObject;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Reads the choice between a cheap and a strong model. */
final class LearnedReader {

    private static final String MODEL = "provider/model";
    private static final String PART = "a number above 0.0 to 1.0";
    private static final String FILE = "the name of a file";
    private static final int MOST_MEMORY = 100_000;

    private LearnedReader() {}

    /**
     * Reads it.
     *
     * @param directory where files with relative names are
     */
    static Optional<LearnedSettings> read(YamlObject root, List<ModelPolicy> models, Path directory) {
        Optional<YamlObject> object = root.object("learned");
        if (object.isEmpty()) {
            return Optional.empty();
        }
        YamlObject given = object.get()
                .allowOnly(List.of(
                        "cheap",
                        "strong",
                        "promptModel",
                        "answerModel",
                        "quality",
                        "mostShare",
                        "threshold",
                        "longFrom",
                        "whenUnusable",
                        "bandit"))
                .require("cheap", MODEL)
                .require("strong", MODEL);
        Optional<ModelId> cheap = given.text("cheap", MODEL, ModelId::parse);
        Optional<ModelId> strong = given.text("strong", MODEL, ModelId::parse);
        LearnedSettings.Dial usual = LearnedSettings.USUAL_DIAL;
        LearnedSettings.Dial dial = new LearnedSettings.Dial(
                part(given, "quality").orElse(usual.quality()),
                part(given, "mostShare").orElse(usual.mostShare()),
                given.text("threshold", "a number", LearnedReader::number).stream()
                        .mapToDouble(Double::doubleValue)
                        .findFirst());
        Optional<Path> promptModel = file(given, "promptModel", directory);
        Optional<Path> answerModel = file(given, "answerModel", directory);
        int longFrom =
                given.integer("longFrom", 1, LearnedSettings.MOST_LONG_FROM).orElse(LearnedSettings.USUAL_LONG_FROM);
        WhenUnusable whenUnusable = given.text("whenUnusable", "error or length", LearnedReader::whenUnusable)
                .orElse(WhenUnusable.ERROR);
        Optional<BanditSettings> bandit = given.object("bandit").map(LearnedReader::bandit);
        if (!given.isFileValid() || cheap.isEmpty() || strong.isEmpty()) {
            return Optional.empty();
        }
        try {
            LearnedSettings settings = new LearnedSettings(
                    cheap.get(), strong.get(), promptModel, answerModel, dial, longFrom, whenUnusable, bandit);
            PolicyChecks.learned(settings, models);
            return Optional.of(settings);
        } catch (IllegalArgumentException wrong) {
            root.problem("learned", "is wrong: " + wrong.getMessage());
            return Optional.empty();
        }
    }

    private static BanditSettings bandit(YamlObject given) {
        given.allowOnly(List.of("usdWeight", "secondWeight", "memory", "seed"));
        BanditSettings usual = BanditSettings.STANDARD;
        OptionalDouble usd = weight(given, "usdWeight", 1_000_000);
        OptionalDouble second = weight(given, "secondWeight", 1_000);
        return new BanditSettings(
                usd.orElse(usual.usdWeight()),
                second.orElse(usual.secondWeight()),
                given.integer("memory", 10, MOST_MEMORY).orElse(usual.memory()),
                given.integer("seed", 0, Integer.MAX_VALUE)
                        .map(Integer::longValue)
                        .orElse(usual.seed()));
    }

    private static OptionalDouble weight(YamlObject given, String field, double most) {
        return given
                .text(field, "a number from 0 to " + (long) most, text -> {
                    Double value = number(text);
                    return value == null || value < 0 || value > most ? null : value;
                })
                .stream()
                .mapToDouble(Double::doubleValue)
                .findFirst();
    }

    private static Optional<Double> part(YamlObject given, String field) {
        return given.text(field, PART, text -> {
            Double value = number(text);
            return value == null || value <= 0 || value > 1 ? null : value;
        });
    }

    private static @Nullable Double number(String text) {
        double value = Double.parseDouble(text);
        return Double.isFinite(value) ? (Double) value : null;
    }

    private static Optional<Path> file(YamlObject given, String field, Path directory) {
        return given.text(field, FILE, text -> {
            try {
                return text.isBlank() ? null : directory.resolve(text);
            } catch (InvalidPathException noName) {
                return null;
            }
        });
    }

    private static @Nullable WhenUnusable whenUnusable(String word) {
        return switch (word) {
            case "error" -> WhenUnusable.ERROR;
            case "length" -> WhenUnusable.LENGTH;
            default -> null;
        };
    }
}
