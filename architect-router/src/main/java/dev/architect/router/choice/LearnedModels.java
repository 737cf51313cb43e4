package dev.architect.router.choice;

import dev.architect.router.learned.AnswerModel;
import dev.architect.router.learned.LearnedModelException;
import dev.architect.router.learned.RoutingModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The models of the files that settings name.
 *
 * @param prompt chooses before a call; null for none
 * @param answer checks answers of the cheap model; null for none
 */
record LearnedModels(
        @Nullable Named<RoutingModel> prompt, @Nullable Named<AnswerModel> answer) {

    static final LearnedModels NONE = new LearnedModels(null, null);

    /**
     * A model and what it is called.
     *
     * @param name the name of its file and the CRC-32 of its content
     */
    record Named<T>(String name, T model) {}

    /** Loads them; a {@link LearnedModelException} names the file that cannot be used. */
    static LearnedModels load(LearnedSettings settings) {
        return new LearnedModels(
                load(settings.promptModel(), RoutingModel::parse), load(settings.answerModel(), AnswerModel::parse));
    }

    private static <T> @Nullable Named<T> load(Optional<Path> given, Function<byte[], T> reader) {
        if (given.isEmpty()) {
            return null;
        }
        Path file = given.get();
        byte[] bytes = bytes(file);
        try {
            T model = reader.apply(bytes);
            CRC32 crc = new CRC32();
            crc.update(bytes);
            return new Named<>(file.getFileName() + "@" + Long.toHexString(crc.getValue()), model);
        } catch (LearnedModelException wrong) {
            throw new LearnedModelException(file + ": " + wrong.field(), wrong.value(), wrong.expected());
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException missing) {
            throw new LearnedModelException(file.toString(), "missing", "a model file of 'gaia route train'");
        } catch (IOException unreadable) {
            throw new LearnedModelException(
                    file.toString(),
                    "not readable (" + unreadable.getClass().getSimpleName() + ")",
                    "a model file of 'gaia route train'");
        }
    }
}
