package dev.architect.benchmarks.parse;

/** A client that reads answers, without a network. */
interface Contestant {

    /** Calls for a whole answer and reads it. */
    Parsed whole();

    /** Calls for a streamed answer and reads it. */
    Parsed stream();

    /**
     * Returns the contestant of a row.
     *
     * @param client the name of the client
     */
    static Contestant of(String client, Wire wire) {
        return switch (client) {
            case "architect" -> new ArchitectClient(wire);
            case "openai-java" ->
                wire.name().equals("openai") ? new OpenAiJavaChat(wire) : new OpenAiJavaResponses(wire);
            case "anthropic-java" -> new AnthropicJava(wire);
            case "langchain4j" -> LangChainClient.of(wire);
            default -> throw new IllegalArgumentException("client is " + client + ", expected a known one");
        };
    }
}
