package dev.architect.provider.openai;

/** Replies of AnythingLLM in the format of OpenAI's Chat Completions: its streams have no end mark. */
class AnythingLlmCompatibleReplayTest extends OpenAiChatReplayTest {

    @Override
    protected String folder() {
        return "anythingllm";
    }
}
