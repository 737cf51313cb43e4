package dev.architect.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;

final class MediaTest {

    @Test
    void holdsBytesAsBase64() {
        Media media = Media.of("Image/PNG", new byte[] {1, 2, 3, 4});

        assertThat(media).isEqualTo(new Media.Inline("image/png", "AQIDBA=="));
        assertThat(media.type()).contains("image/png");
    }

    @Test
    void refusesUnreadableMedia() {
        assertThatThrownBy(() -> new Media.Inline("png", "AQID"))
                .hasMessage("mediaType is 'png', expected one such as image/png, without parameters");
        assertThatThrownBy(() -> new Media.Inline("image/png", "data:AQID"))
                .hasMessage("base64 has 9 characters that are not base64, expected 4, 8, 12 ... of it");
        assertThatThrownBy(() -> Media.of("image/png", new byte[0])).hasMessageStartingWith("base64 has 0 characters");
        assertThatThrownBy(() -> Media.at(URI.create("a.png")))
                .hasMessage("url has no scheme, expected an absolute one");
    }
}
