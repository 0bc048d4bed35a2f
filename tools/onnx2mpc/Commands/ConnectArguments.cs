using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using PrivateInference.CommandLine.Support;
using PrivateInference.Runtime.Hosting;

namespace PrivateInference.CommandLine.Commands;

/// <summary>Which server a client uses and how it knows it: the same for <c>infer</c> and <c>preprocess</c>.</summary>
internal sealed class ConnectArguments(bool required)
{
    private readonly Option<string?> _connect = new("--connect") { Description = "The server's address.", HelpName = "HOST:PORT", Required = required };
    private readonly Option<string?> _authority = new("--tls-ca")
    {
        Description = "The server's certificate or the authority that signed it, PEM. Default: this machine's trusted authorities.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _plaintext = new("--no-tls") { Description = "Connect without TLS; only for servers on loopback." };
    private readonly Option<double> _timeout = new("--timeout")
    {
        Description = "Seconds the server may be silent.",
        DefaultValueFactory = _ => new SessionLimits().ProgressTimeout.TotalSeconds,
    };

    private readonly Option<int> _threads = CommonOptions.Threads(Environment.ProcessorCount);
    private readonly Option<bool> _audit = CommonOptions.Audit();

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _connect, _authority, _plaintext, _timeout, _threads, _audit })
            command.Add(option);
    }

    /// <summary>The caller disposes the certificate.</summary>
    /// <exception cref="UsageException">The options exclude each other, or no server is named.</exception>
    public ConnectOptions Read(ParseResult parsed)
    {
        HostPort server = HostPort.Parse(parsed.GetValue(_connect) ?? throw new UsageException("Name the server (--connect HOST:PORT)."));
        string? authority = parsed.GetValue(_authority);
        bool plaintext = parsed.GetValue(_plaintext);
        if (plaintext && authority is not null)
            throw new UsageException("--no-tls and --tls-ca exclude each other.");
        return new ConnectOptions
        {
            Host = server.Host,
            Port = server.Port,
            UseTls = !plaintext,
            TrustedCertificate = authority is null ? null : X509Certificate2.CreateFromPem(File.ReadAllText(authority)),
            Audit = parsed.GetValue(_audit),
            Threads = parsed.GetValue(_threads),
            Limits = new SessionLimits { ProgressTimeout = TimeSpan.FromSeconds(parsed.GetValue(_timeout)) },
        };
    }
}
