package dev.architect.simulator.wire;

import java.util.List;

/** How one endpoint writes embeddings. Stateless, so that one instance serves all calls. */
public interface EmbeddingAnswerWriter {

    /**
     * The whole body.
     *
     * @param vectors one vector for each text, in their order
     * @param tokens the tokens of all texts
     */
    byte[] body(ParsedRequest.Embedding request, List<float[]> vectors, long tokens);
}
