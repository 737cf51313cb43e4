package dev.architect.examples;

import dev.architect.Architect;
import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.model.Capability;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderHealth;
import dev.architect.model.StopReason;
import dev.architect.provider.claude.ClaudeProvider;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.pricing.Prices;
import dev.architect.spi.CapabilityGuard;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.SecretSource;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** Answers from a glossary in this process where it can, and from Claude where it cannot. */
public final class OwnProvider {

    private OwnProvider() {}

    public static void main(String[] args) {
        ClaudeProvider.Builder claude = ClaudeProvider.builder(SecretSource.environment()); // ANTHROPIC_API_KEY
        if (args.length > 0) { // The address of a simulator, in place of the vendor's.
            claude.baseUrl(URI.create(args[0] + "/claude"));
        }
        // The router needs to know how good the model is, and that it is free: a model without a price is called last.
        ModelPolicy terms = new ModelPolicy(new ModelId("glossary", "terms"), 60, 8, 8_192, OptionalInt.empty(), true);
        CostAwareRouter.Builder router =
                CostAwareRouter.with(RoutingPolicy.standard().withModel(terms)).prices(Prices.parse("""
                        version: example
                        currency: USD
                        prices:
                          - provider: glossary
                            match: all
                            usdPerMillionTokens: {input: 0, output: 0}
                            source: own process
                            checked: 2026-11-27
                        """));
        try (Architect architect = Architect.builder()
                .store(SqliteStore.at(Path.of("glossary.db")))
                .provider(new GlossaryProvider(Map.of("lease", "The time for which one node owns a task.")))
                .provider(claude.build())
                .router(router)
                .build()) {
            for (String term : List.of("lease", "epoch")) {
                ChatResponse answer = architect.chat(ChatRequest.of(term));
                System.out.println(term + ": " + answer.text());
                System.out.println(answer.model() + " cost " + answer.cost().spent());
            }
        }
    }

    /** A provider without a network: its one model knows the terms of a glossary. */
    private static final class GlossaryProvider implements ModelProvider {
        private final Map<String, String> glossary;
        private final CapabilityGuard guard = new CapabilityGuard(name());

        GlossaryProvider(Map<String, String> glossary) {
            this.glossary = glossary;
        }

        @Override
        public String name() {
            return "glossary";
        }

        @Override
        public Set<Capability> capabilities(String model) {
            return Set.of(Capability.STREAMING);
        }

        @Override
        public ProviderAnswer chat(ProviderCall call) {
            guard.require(call, capabilities(call.model()));
            String meaning = glossary.get(call.request().prompt());
            if (meaning == null) {
                // The kind of the failure lets the router go on to the next candidate.
                throw guard.unsupported(call, "term is not in the glossary");
            }
            return ProviderAnswer.builder(call.model(), meaning, StopReason.COMPLETE)
                    .usage(TokenUsage.of(1, meaning.length() / 4), UsageSource.ESTIMATED)
                    .build();
        }

        @Override
        public ProviderAnswer stream(ProviderCall call, ChatListener listener) {
            ProviderAnswer answer = chat(call);
            answer.replayTo(listener);
            return answer;
        }

        @Override
        public ProviderHealth probe() {
            return ProviderHealth.up();
        }

        @Override
        public void close() {}
    }
}
