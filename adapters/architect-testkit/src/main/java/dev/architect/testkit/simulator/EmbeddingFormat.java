package dev.architect.testkit.simulator;

import java.util.List;

/** How one endpoint writes embeddings. Stateless, so that one instance serves all calls. */
interface EmbeddingFormat {

    /**
     * The whole body.
     *
     * @param vectors one vector for each text, in their order
     * @param tokens the tokens of all texts
     */
    byte[] body(Wanted.Embedding wanted, List<float[]> vectors, long tokens);
}
