package dev.architect.simulator.script;

import static dev.architect.simulator.script.ModelStrength.CHEAP;
import static dev.architect.simulator.script.ModelStrength.STRONG;

import java.util.LinkedHashMap;
import java.util.Map;

/** The built-in script. Prices are list prices in dollars per million tokens, read on 2026-11-22. */
final class StandardScript {

    static final SimulatorScript VALUE = new SimulatorScript(1, providers(), RecordedAnswers.none());

    private StandardScript() {}

    private static Map<String, ProviderScript> providers() {
        Map<String, ProviderScript> providers = new LinkedHashMap<>();
        providers.put("claude", claude());
        providers.put("openai", openAi());
        providers.put("gemini", gemini());
        providers.put("ollama", ollama());
        providers.put("anythingllm", anythingLlm());
        providers.put("perplexity", perplexity());
        return providers;
    }

    private static ProviderScript claude() {
        return ProviderScript.of(Map.of())
                .withModel("claude-sonnet-4-6", model(STRONG, "3", "0.30", "3.75", "15"))
                .withModel(
                        "claude-sonnet-5-5",
                        model(STRONG, "2", "0.10", "2.5", "10").withStrictParameters())
                .withModel(
                        "claude-opus-5-5", model(STRONG, "4", "0.20", "5", "20").withStrictParameters())
                .withModel(
                        "claude-haiku-4-5",
                        model(CHEAP, "1", "0.10", "1.25", "5").withContextTokens(200_000));
    }

    private static ProviderScript openAi() {
        return ProviderScript.of(Map.of())
                .withModel(
                        "gpt-4o-mini",
                        model(CHEAP, "0.15", "0.075", "0", "0.60").withContextTokens(128_000))
                .withModel("gpt-5.4", model(STRONG, "2.5", "0.25", "0", "15").withStrictParameters())
                .withModel(
                        "gpt-5-nano",
                        model(CHEAP, "0.05", "0.005", "0", "0.40")
                                .withContextTokens(400_000)
                                .withReasoningShare(0.5)
                                .withStrictParameters())
                .withModel(
                        "gpt-5.6-terra", model(STRONG, "2", "0.20", "2.5", "12").withStrictParameters())
                .withModel("text-embedding-3-small", embedding("0.02", 1_536));
    }

    private static ProviderScript gemini() {
        return ProviderScript.of(Map.of())
                .withModel("gemini-2.5-flash-lite", searching(CHEAP, "0.10", "0.01", "0.40", "0.035"))
                .withModel(
                        "gemini-2.5-flash",
                        searching(CHEAP, "0.30", "0.03", "2.5", "0.035").withReasoningShare(0.5))
                .withModel(
                        "gemini-3.5-flash",
                        searching(STRONG, "1.5", "0.15", "9", "0.014").withReasoningShare(0.5))
                .withModel("gemini-embedding-001", embedding("0.15", 3_072));
    }

    private static ProviderScript ollama() {
        return ProviderScript.of(Map.of())
                .withModel(
                        "llama3.2",
                        SimulatedModel.of(CHEAP, SimulatedPrices.free()).withContextTokens(131_072))
                .withModel(
                        "qwen3:8b",
                        SimulatedModel.of(CHEAP, SimulatedPrices.free()).withContextTokens(40_960))
                .withModel("nomic-embed-text", SimulatedModel.embedding(SimulatedPrices.free(), 768));
    }

    private static ProviderScript anythingLlm() {
        return ProviderScript.of(Map.of())
                .withModel(
                        "docs",
                        SimulatedModel.of(CHEAP, SimulatedPrices.free())
                                .withContextTokens(40_960)
                                .servedBy("OllamaAILLM", "qwen3:8b"));
    }

    private static ProviderScript perplexity() {
        SimulatedPrices agent =
                SimulatedPrices.perMillion("0.25", "0.0625", "0", "2.50").withSearchFee("0.0025");
        return ProviderScript.of(Map.of())
                .withModel("perplexity/sonar", SimulatedModel.of(STRONG, agent).withContextTokens(128_000))
                .withModel(
                        "sonar",
                        SimulatedModel.of(
                                        STRONG,
                                        SimulatedPrices.perMillion("1", "0", "0", "1")
                                                .withRequestFee("0.005"))
                                .withContextTokens(128_000))
                .withModel(
                        "sonar-pro",
                        SimulatedModel.of(
                                        STRONG,
                                        SimulatedPrices.perMillion("3", "0", "0", "15")
                                                .withRequestFee("0.006"))
                                .withContextTokens(200_000))
                .withModel(
                        "sonar-reasoning-pro",
                        SimulatedModel.of(
                                        STRONG,
                                        SimulatedPrices.perMillion("2", "0", "0", "8")
                                                .withRequestFee("0.006"))
                                .withContextTokens(128_000))
                .withModel("pplx-embed-v1-0.6b", embedding("0.004", 1_024));
    }

    private static SimulatedModel embedding(String input, int dimensions) {
        return SimulatedModel.embedding(SimulatedPrices.perMillion(input, "0", "0", "0"), dimensions);
    }

    /** @param search the fee of one web search, in dollars */
    private static SimulatedModel searching(
            ModelStrength strength, String input, String cacheRead, String output, String search) {
        return SimulatedModel.of(
                strength,
                SimulatedPrices.perMillion(input, cacheRead, "0", output).withSearchFee(search));
    }

    private static SimulatedModel model(
            ModelStrength strength, String input, String cacheRead, String cacheWrite, String output) {
        return SimulatedModel.of(strength, SimulatedPrices.perMillion(input, cacheRead, cacheWrite, output));
    }
}
