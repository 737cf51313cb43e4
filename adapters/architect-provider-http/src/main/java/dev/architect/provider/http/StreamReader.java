package dev.architect.provider.http;

import dev.architect.provider.http.reading.Exchange;
import dev.architect.spi.ProviderAnswer;

/**
 * Reads one streamed answer. Made for one call and used by one thread. It appends text through {@link Exchange#appendText} and
 * reports counts through {@link Exchange#reportUsage} as soon as it knows them, so that a call that breaks keeps them.
 */
public interface StreamReader {

    /** How far a stream has come. */
    enum Progress {
        /** More must come: a stream that ends here was cut. */
        OPEN,
        /** The answer is complete if the stream ends here, and more may come. */
        MAY_END,
        /** The answer is complete; nothing more is read. */
        DONE
    }

    /** Reads the next event and returns how far the stream has come, or throws {@link Exchange#failure}. */
    Progress accept(StreamEvent event);

    /** Returns the answer. Called once, when the stream has ended in its order. */
    ProviderAnswer answer();
}
