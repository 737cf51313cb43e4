package dev.architect.cli.terminal;

import dev.architect.thread.ThreadRunner;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Text on the input of a command: UTF-8 of at most 4 MiB. */
public final class PipedText {

    /** The most bytes of a text. */
    public static final int MAX_BYTES = 4 << 20;

    private PipedText() {}

    /**
     * Reads everything up to the end of the input.
     *
     * @throws CommandFailure when it is longer than {@link #MAX_BYTES}, or not UTF-8
     */
    public static String read(InputStream in) throws IOException {
        // One byte more than the limit tells a text of that length from a longer one.
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw new CommandFailure("the input has more than " + MAX_BYTES + " bytes, expected at most that");
        }
        return decoded(bytes);
    }

    /**
     * Reads everything up to the end of the input, when its first byte or its end comes within {@code patience}. The input of a process
     * that was started without one may be a pipe on which nothing ever comes.
     *
     * @return the text, possibly empty; nothing when nothing came in time
     * @throws CommandFailure as {@link #read}
     */
    public static Optional<String> readUnlessSilent(InputStream in, Duration patience)
            throws IOException, InterruptedException {
        CompletableFuture<Integer> first = new CompletableFuture<>();
        // Never closed: a thread that reads a pipe cannot be interrupted. It ends with the process.
        new ThreadRunner("gaia").startPlatform("input", () -> {
            try {
                first.complete(in.read());
            } catch (IOException failure) {
                first.completeExceptionally(failure);
            }
        });
        try {
            int start = first.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return Optional.of(
                    start < 0
                            ? ""
                            : read(new SequenceInputStream(new ByteArrayInputStream(new byte[] {(byte) start}), in)));
        } catch (TimeoutException silent) {
            return Optional.empty();
        } catch (ExecutionException failed) {
            throw new IOException("the input cannot be read", failed.getCause());
        }
    }

    private static String decoded(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer from = ByteBuffer.wrap(bytes);
        CharBuffer to = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = decoder.decode(from, to, true);
        if (result.isError()) {
            throw new CommandFailure(String.format(
                    "the input is not UTF-8 text: byte 0x%02x at position %d, expected text such as iconv -t UTF-8 makes",
                    bytes[from.position()], from.position()));
        }
        decoder.flush(to);
        String text = to.flip().toString();
        if (text.indexOf('\0') >= 0) {
            throw new CommandFailure("the input holds a byte 0x00 like a binary file, expected UTF-8 text");
        }
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }
}
