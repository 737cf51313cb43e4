package dev.architect.provider.http;

import dev.architect.chat.ChatListener;
import dev.architect.spi.ProviderAnswer;

/** Hands every event of a stream to a listener as it came, before it is read. Used by one thread. */
final class WireTap implements StreamReader {

    private final StreamReader reader;
    private final ChatListener listener;

    WireTap(StreamReader reader, ChatListener listener) {
        this.reader = reader;
        this.listener = listener;
    }

    @Override
    public Progress accept(StreamEvent event) {
        listener.onWire(event.name(), event.data());
        return reader.accept(event);
    }

    @Override
    public ProviderAnswer answer() {
        return reader.answer();
    }
}
