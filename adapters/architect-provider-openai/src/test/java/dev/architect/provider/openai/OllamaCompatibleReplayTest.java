package dev.architect.provider.openai;

/** Replies of Ollama's hosted server in the format of OpenAI's Chat Completions. */
class OllamaCompatibleReplayTest extends OpenAiChatReplayTest {

    @Override
    protected String folder() {
        return "ollama";
    }
}
