/**
 * What the provider adapters share: one HTTP client, JSON, event streams, limits, cancellation, and the mapping of what goes
 * wrong to {@link dev.architect.model.ProviderException}. It is for writers of adapters; hosts meet only {@link
 * dev.architect.provider.http.message.HttpLimits}.
 *
 * <p>An adapter builds one {@link dev.architect.provider.http.ProviderHttp}, turns a call into an {@link
 * dev.architect.provider.http.message.HttpRequest}, and reads the reply with an {@link dev.architect.provider.http.AnswerReader} or,
 * event by event, with a {@link dev.architect.provider.http.StreamReader}. An {@link dev.architect.provider.http.ErrorReader}
 * maps the provider's errors to failure kinds. Its builder extends {@link dev.architect.provider.http.HttpProviderBuilder}, which
 * takes base URL, limits, and a {@link dev.architect.provider.http.message.ReplySource} that answers in place of the network.
 *
 * <p>Only {@code OkHttpTransport} uses OkHttp, behind the interface {@code HttpTransport}.
 */
@NullMarked
package dev.architect.provider.http;

import org.jspecify.annotations.NullMarked;
