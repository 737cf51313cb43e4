package dev.architect.cli;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Quality;
import dev.architect.model.ModelId;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of {@code gaia -p}. */
final class PromptOptions {

    @Option(
            names = {"-p", "--prompt"},
            required = true,
            paramLabel = "PROMPT",
            description = "Answers this prompt, with what is piped in below it; - reads all of it from the input.")
    @SuppressWarnings("NullAway.Init")
    String prompt;

    @Option(
            names = "--model",
            paramLabel = "PROVIDER/MODEL",
            converter = ModelIdConverter.class,
            description = "The only model that may answer; by default the router chooses.")
    private @Nullable ModelId model;

    @Option(
            names = "--quality",
            paramLabel = "LEVEL",
            description = "The least quality: ${COMPLETION-CANDIDATES}; by default what the prompt calls for.")
    private Quality quality = Quality.AUTO;

    @Option(names = "--system", paramLabel = "TEXT", description = "Instructions that stand above the prompt.")
    private @Nullable String system;

    @Option(names = "--json", description = "Prints one JSON object with answer, route and cost.")
    boolean json;

    @Option(names = "--quiet", description = "Prints nothing but the answer.")
    boolean quiet;

    @Option(names = "--simulate", description = "Asks simulated providers: no keys, no cost.")
    boolean simulate;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Also keeps the cost in the ledger of this data directory.")
    @Nullable
    Path data;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration, as YAML; by default the file that ARCHITECT_CONFIG names, if any.")
    @Nullable
    Path configuration;

    @Option(names = "--policy", paramLabel = "FILE", description = "The routing policy, as YAML.")
    @Nullable
    Path policy;

    ChatRequest request(String text) {
        return ChatRequest.builder(text)
                .system(system)
                .quality(quality)
                .model(model)
                .build();
    }

    /** Reads {@code provider/model}. */
    static final class ModelIdConverter implements ITypeConverter<ModelId> {
        @Override
        public ModelId convert(String text) {
            try {
                return ModelId.parse(text);
            } catch (IllegalArgumentException wrong) {
                throw new TypeConversionException(wrong.getMessage());
            }
        }
    }
}
