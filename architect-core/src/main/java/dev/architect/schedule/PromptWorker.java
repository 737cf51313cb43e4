package dev.architect.schedule;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Quality;
import dev.architect.model.Capability;
import dev.architect.model.ModelId;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.task.TaskRequest;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Answers tasks of type {@code prompt} through the router: the payload is the prompt, attributes are its settings. */
public final class PromptWorker implements Worker {

    private static final String SYSTEM = "system";
    private static final String QUALITY = "quality";
    private static final String NEEDS = "needs";
    private static final String MODEL = "model";
    private static final String MAX_OUTPUT_TOKENS = "maxOutputTokens";
    private static final String TEMPERATURE = "temperature";
    private static final Set<String> KNOWN =
            new TreeSet<>(Set.of(SYSTEM, QUALITY, NEEDS, MODEL, MAX_OUTPUT_TOKENS, TEMPERATURE));

    @Override
    public Set<String> types() {
        return Set.of(TaskRequest.PROMPT);
    }

    @Override
    public void check(TaskRequest request) {
        chatRequest(request);
    }

    @Override
    public String perform(TaskContext context) {
        return context.chat(chatRequest(context.request())).text();
    }

    private static ChatRequest chatRequest(TaskRequest task) {
        Map<String, String> attributes = task.attributes();
        for (String name : attributes.keySet()) {
            if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException("attribute is '" + name + "', expected one of " + KNOWN);
            }
        }
        ChatRequest.Builder request = ChatRequest.builder(task.payload()).system(attributes.get(SYSTEM));
        if (attributes.containsKey(QUALITY)) {
            request.quality(constant(QUALITY, attributes.get(QUALITY), Quality.class));
        }
        if (attributes.containsKey(NEEDS)) {
            EnumSet<Capability> needs = EnumSet.noneOf(Capability.class);
            for (String need : attributes.get(NEEDS).split(",")) {
                needs.add(constant(NEEDS, need.strip(), Capability.class));
            }
            request.needs(needs);
        }
        if (attributes.containsKey(MODEL)) {
            request.model(ModelId.parse(attributes.get(MODEL)));
        }
        if (attributes.containsKey(MAX_OUTPUT_TOKENS)) {
            request.maxOutputTokens(number(MAX_OUTPUT_TOKENS, attributes.get(MAX_OUTPUT_TOKENS), Integer::valueOf));
        }
        if (attributes.containsKey(TEMPERATURE)) {
            request.temperature(number(TEMPERATURE, attributes.get(TEMPERATURE), Double::valueOf));
        }
        return request.build();
    }

    private static <E extends Enum<E>> E constant(String field, String value, Class<E> type) {
        String name = value.toUpperCase(Locale.ROOT).replace('-', '_');
        return Arrays.stream(type.getEnumConstants())
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(field + " is '" + value + "', expected one of "
                        + Arrays.toString(type.getEnumConstants())
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '-')));
    }

    private static <T> T number(String field, String value, Function<String, T> read) {
        try {
            return read.apply(value);
        } catch (NumberFormatException notOne) {
            throw new IllegalArgumentException(field + " is '" + value + "', expected a number");
        }
    }
}
