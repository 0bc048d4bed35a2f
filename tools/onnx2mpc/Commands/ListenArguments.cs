using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using PrivateInference.CommandLine.Support;
using PrivateInference.Runtime.Hosting;

namespace PrivateInference.CommandLine.Commands;

/// <summary>Where a party listens and how it proves who it is: the same for <c>serve</c> and <c>deal</c>.</summary>
internal sealed class ListenArguments
{
    private readonly Option<string> _listen = new("--listen") { Description = "Address to listen on; port 0 takes a free one.", HelpName = "HOST:PORT", Required = true };
    private readonly Option<string?> _certificate = new("--tls-cert") { Description = "TLS certificate (chain), PEM.", HelpName = "FILE" };
    private readonly Option<string?> _key = new("--tls-key") { Description = "The certificate's private key, PEM.", HelpName = "FILE" };
    private readonly Option<string?> _selfSigned;
    private readonly Option<string?> _addressFile = new("--address-file") { Description = "Write HOST:PORT here once it listens.", HelpName = "FILE" };
    private readonly Option<int> _sessions = new("--max-sessions") { Description = "Sessions served at once.", DefaultValueFactory = _ => new SessionLimits().MaxSessions };
    private readonly Option<double> _timeout = new("--timeout")
    {
        Description = "Seconds a peer may be silent, or refuse to read, inside a request.",
        DefaultValueFactory = _ => new SessionLimits().ProgressTimeout.TotalSeconds,
    };

    /// <param name="trust">The option of the other side that takes the certificate.</param>
    public ListenArguments(string trust) => _selfSigned = new("--tls-self-signed")
    {
        Description = $"For trials on one machine: make a throw-away certificate and write its public part here, for '{trust}'.",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _listen, _certificate, _key, _selfSigned, _addressFile, _sessions, _timeout })
            command.Add(option);
    }

    /// <summary>What the user asked for; the caller disposes the certificate.</summary>
    public ListenOptions Read(ParseResult parsed) => new()
    {
        Listen = HostPort.Parse(parsed.GetRequiredValue(_listen)).ToEndPoint(),
        Certificate = Certificate(parsed),
        Limits = new SessionLimits { MaxSessions = parsed.GetValue(_sessions), ProgressTimeout = TimeSpan.FromSeconds(parsed.GetValue(_timeout)) },
        OnEvent = e => ServiceLog.Write($"session {e.Session} from {e.Peer}: {e.Message}"),
    };

    /// <summary>Starts a host; what it refuses for want of TLS is a mistake of usage.</summary>
    public static T Start<T>(Func<T> start)
    {
        try
        {
            return start();
        }
        catch (InvalidOperationException e)
        {
            throw new UsageException($"{e.Message} Give --tls-cert and --tls-key.");
        }
    }

    /// <summary>Announces the address, and runs until the host ends or the user interrupts.</summary>
    public async Task RunAsync(ParseResult parsed, int port, Task completion, CancellationToken interruption)
    {
        if (parsed.GetValue(_addressFile) is { } file)
            AtomicFile.Write(file, $"{HostPort.Parse(parsed.GetRequiredValue(_listen)).Host}:{port}\n");
        try
        {
            await completion.WaitAsync(interruption);
        }
        catch (OperationCanceledException)
        {
            ServiceLog.Write("Interrupted; ending all sessions.");
        }
    }

    private X509Certificate2? Certificate(ParseResult parsed)
    {
        string? path = parsed.GetValue(_certificate), key = parsed.GetValue(_key), selfSigned = parsed.GetValue(_selfSigned);
        if ((path is null) != (key is null))
            throw new UsageException("--tls-cert and --tls-key go together.");
        if (path is not null && selfSigned is not null)
            throw new UsageException("--tls-self-signed makes a certificate; it does not go with --tls-cert.");
        if (path is not null)
            return ServerCertificate.Load(path, key!);
        if (selfSigned is null)
            return null;
        X509Certificate2 certificate = ServerCertificate.CreateForLoopback();
        AtomicFile.Write(selfSigned, certificate.ExportCertificatePem() + "\n");
        return certificate;
    }
}
