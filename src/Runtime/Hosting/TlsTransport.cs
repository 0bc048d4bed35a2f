using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Hosting;

/// <summary>Turns a connected socket into a stream under TLS 1.3 (or a plain one), with the session's timeouts on it.</summary>
internal static class TlsTransport
{
    public static async Task<Stream> AuthenticateServerAsync(Socket socket, X509Certificate2? certificate, CancellationToken cancellation)
    {
        NetworkStream network = Configure(socket, "peer");
        if (certificate is null)
            return network;
        SslStream tls = new(network, leaveInnerStreamOpen: false);
        try
        {
            await tls.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificate = certificate,
                    EnabledSslProtocols = SslProtocols.Tls13,
                    ClientCertificateRequired = false,
                },
                cancellation);
            return tls;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            await tls.DisposeAsync();
            throw new PeerProtocolException("The peer did not complete a TLS 1.3 handshake.", e);
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    public static async Task<Stream> AuthenticateClientAsync(Socket socket, ConnectOptions options, Party peer, CancellationToken cancellation)
    {
        NetworkStream network = Configure(socket, MessageChannel.Name(peer));
        if (!options.UseTls)
            return network;
        SslStream tls = new(network, leaveInnerStreamOpen: false);
        SslPolicyErrors objections = SslPolicyErrors.None;
        SslClientAuthenticationOptions tlsOptions = ClientOptions(options);
        tlsOptions.RemoteCertificateValidationCallback = (_, _, _, errors) =>
        {
            objections = errors;
            return errors == SslPolicyErrors.None;
        };
        try
        {
            await tls.AuthenticateAsClientAsync(tlsOptions, cancellation);
            return tls;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            await tls.DisposeAsync();
            throw new PeerProtocolException($"The {MessageChannel.Name(peer)} at {options.Host}:{options.Port} {Objection(objections, options, peer)}", e);
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    private static NetworkStream Configure(Socket socket, string peer)
    {
        try
        {
            socket.NoDelay = true;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 15);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new PeerProtocolException($"The connection to the {peer} was lost at once.", e);
        }
    }

    private static string Objection(SslPolicyErrors errors, ConnectOptions options, Party peer) => errors switch
    {
        SslPolicyErrors.None => "does not speak TLS 1.3, or closed the connection.",
        SslPolicyErrors.RemoteCertificateNameMismatch =>
            $"presents a certificate for another name than '{options.Host}'; connect to a name that the certificate holds.",
        _ => options.TrustedCertificate is null
            ? $"presents a certificate that this machine does not trust; give its certificate or authority ({TrustOption(peer)} FILE)."
            : $"presents another certificate than the one that was given as trusted ({TrustOption(peer)} FILE).",
    };

    private static string TrustOption(Party peer) => peer == Party.Helper ? "--dealer-ca" : "onnx2mpc infer --tls-ca";

    private static SslClientAuthenticationOptions ClientOptions(ConnectOptions options)
    {
        SslClientAuthenticationOptions tls = new()
        {
            TargetHost = options.Host,
            EnabledSslProtocols = SslProtocols.Tls13,
        };
        if (options.TrustedCertificate is { } trusted)
        {
            // The system's authorities are replaced, not extended: only what the user named is trusted.
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            tls.CertificateChainPolicy.CustomTrustStore.Add(trusted);
        }

        return tls;
    }
}
