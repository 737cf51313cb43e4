package dev.architect.benchmarks.parse;

/** A client that reads answers, without a network. */
interface ClientUnderTest {

    /** Calls for a whole answer and reads it. */
    ParsedAnswer response();

    /** Calls for a streamed answer and reads it. */
    ParsedAnswer stream();

    /**
     * Returns the contestant of a row.
     *
     * @param client the name of the client
     */
    static ClientUnderTest of(String client, WireSample wire) {
        return switch (client) {
            case "architect" -> new ArchitectClient(wire);
            case "openai-java" ->
                wire.name().equals("openai") ? new OpenAiJavaChatClient(wire) : new OpenAiJavaResponsesClient(wire);
            case "anthropic-java" -> new AnthropicJavaClient(wire);
            case "langchain4j" -> LangChain4jClient.of(wire);
            default -> throw new IllegalArgumentException("client is " + client + ", expected a known one");
        };
    }
}
