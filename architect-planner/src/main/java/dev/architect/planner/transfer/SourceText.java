package dev.architect.planner.transfer;

import dev.architect.project.transfer.ImportException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Texts of files, which are UTF-8. */
final class SourceText {

    private SourceText() {}

    /** Returns the text of a file without a byte order mark. */
    static String of(String place, byte[] content) {
        boolean isUtf16 = content.length > 1
                && ((content[0] == (byte) 0xfe && content[1] == (byte) 0xff)
                        || (content[0] == (byte) 0xff && content[1] == (byte) 0xfe));
        if (isUtf16) {
            throw new ImportException(place, "encoding", "UTF-16", "UTF-8");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            if (text.indexOf('\0') >= 0) {
                throw new ImportException(place, "text", "with a character 0", "text without one");
            }
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException wrong) {
            throw new ImportException(place, "encoding", "not UTF-8", "UTF-8");
        }
    }
}
