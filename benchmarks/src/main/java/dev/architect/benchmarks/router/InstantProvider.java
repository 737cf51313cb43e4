package dev.architect.benchmarks.router;

import dev.architect.chat.ChatListener;
import dev.architect.chat.Part;
import dev.architect.model.Capability;
import dev.architect.model.ProviderHealth;
import dev.architect.model.StopReason;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A provider without HTTP and JSON: it has every capability, and returns the same short answer at once. */
final class InstantProvider implements ModelProvider {

    private static final Set<Capability> ALL = EnumSet.allOf(Capability.class);
    private static final int MODELS = 100;

    private final String name;
    private final Map<String, ProviderAnswer> answers = new HashMap<>();

    InstantProvider(String name) {
        this.name = name;
        for (int model = 0; model < MODELS; model++) {
            answers.put(
                    "m" + model,
                    ProviderAnswer.builder("m" + model, List.of(new Part.Text("Hello, world!")), StopReason.COMPLETE)
                            .usage(TokenUsage.of(12, 4), UsageSource.REPORTED)
                            .build());
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Set<Capability> capabilities(String model) {
        return ALL;
    }

    @Override
    public ProviderAnswer chat(ProviderCall call) {
        ProviderAnswer answer = answers.get(call.model());
        if (answer == null) {
            throw new IllegalArgumentException("model is '" + call.model() + "', expected one of the policy");
        }
        return answer;
    }

    @Override
    public ProviderAnswer stream(ProviderCall call, ChatListener listener) {
        throw new UnsupportedOperationException(name + " is asked for a stream, expected a whole answer");
    }

    @Override
    public ProviderHealth probe() {
        throw new UnsupportedOperationException(name + " is probed, expected calls only");
    }

    @Override
    public void close() {}
}
