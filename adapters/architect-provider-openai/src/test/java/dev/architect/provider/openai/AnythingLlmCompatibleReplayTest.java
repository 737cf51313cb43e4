package dev.architect.provider.openai;

/** What AnythingLLM says on the path that speaks as OpenAI's Chat Completions: its streams have no last word. */
class AnythingLlmCompatibleReplayTest extends OpenAiChatReplayTest {

    @Override
    protected String folder() {
        return "anythingllm";
    }
}
