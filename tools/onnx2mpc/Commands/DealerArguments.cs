using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using PrivateInference.CommandLine.Support;
using PrivateInference.Runtime.Hosting;

namespace PrivateInference.CommandLine.Commands;

/// <summary>Which dealer a party prepares with: the same for <c>serve</c> and <c>infer</c>.</summary>
internal sealed class DealerArguments
{
    private readonly Option<string?> _dealer = new("--dealer")
    {
        Description = "Prepare linear steps and polynomials with this dealer ('onnx2mpc deal'); client and server must name the same, and trust it not to collude. Default: no dealer, nobody else is needed.",
        HelpName = "HOST:PORT",
    };

    private readonly Option<string?> _authority = new("--dealer-ca")
    {
        Description = "The dealer's certificate or the authority that signed it, PEM. Default: this machine's trusted authorities.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _plaintext = new("--dealer-no-tls") { Description = "Connect to the dealer without TLS; only for dealers on loopback." };

    public void AddTo(Command command)
    {
        command.Add(_dealer);
        command.Add(_authority);
        command.Add(_plaintext);
    }

    /// <summary>Null where the user wants none; the caller disposes the certificate.</summary>
    public ConnectOptions? Read(ParseResult parsed)
    {
        string? address = parsed.GetValue(_dealer), authority = parsed.GetValue(_authority);
        bool plaintext = parsed.GetValue(_plaintext);
        if (address is null)
            return authority is null && !plaintext ? null : throw new UsageException("--dealer-ca and --dealer-no-tls go with --dealer.");
        if (plaintext && authority is not null)
            throw new UsageException("--dealer-no-tls and --dealer-ca exclude each other.");
        HostPort dealer = HostPort.Parse(address);
        return new ConnectOptions
        {
            Host = dealer.Host,
            Port = dealer.Port,
            UseTls = !plaintext,
            TrustedCertificate = authority is null ? null : X509Certificate2.CreateFromPem(File.ReadAllText(authority)),
        };
    }
}
