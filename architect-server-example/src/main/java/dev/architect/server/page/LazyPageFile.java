package dev.architect.server.page;

import io.javalin.http.Context;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A file of the pages that is read when it is first asked for: a server that has just been started answers sooner, and one that programs alone ask never
 * needs most of them. Safe for use by several threads.
 */
final class LazyPageFile {

    private final String type;
    private final Supplier<byte[]> content;
    private @Nullable PageFile file;

    LazyPageFile(String type, Supplier<byte[]> content) {
        this.type = type;
        this.content = content;
    }

    private synchronized PageFile file() {
        PageFile known = file;
        if (known == null) {
            known = PageFile.of(type, content.get());
            file = known;
        }
        return known;
    }

    /** Responds with the file, or with 304 when the browser has it already. */
    void write(Context request) {
        file().write(request);
    }
}
