package dev.architect.provider.openai;

/** What Ollama's hosted server says on the path that speaks as OpenAI's Chat Completions. */
class OllamaCompatibleReplayTest extends OpenAiChatReplayTest {

    @Override
    protected String folder() {
        return "ollama";
    }
}
