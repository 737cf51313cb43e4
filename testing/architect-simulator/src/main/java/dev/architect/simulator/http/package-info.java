/** An HTTP/1.1 server on loopback that can fail deliberately. */
@NullMarked
package dev.architect.simulator.http;

import org.jspecify.annotations.NullMarked;
