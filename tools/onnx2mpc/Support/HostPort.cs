using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PrivateInference.CommandLine.Support;

/// <summary>HOST:PORT as the command line writes it; IPv6 addresses in brackets.</summary>
internal sealed record HostPort(string Host, int Port)
{
    /// <exception cref="UsageException">The text has another form.</exception>
    public static HostPort Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? "" : text[..colon].Trim('[', ']');
        if (host.Length == 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port > 65535)
            throw new UsageException($"'{text}' is not of the form HOST:PORT.");
        return new HostPort(host, port);
    }

    /// <summary>The address to listen on; a name is resolved.</summary>
    /// <exception cref="UsageException">The host is neither an address nor a known name.</exception>
    public IPEndPoint ToEndPoint()
    {
        if (IPAddress.TryParse(Host, out IPAddress? address))
            return new IPEndPoint(address, Port);
        try
        {
            return new IPEndPoint(Dns.GetHostAddresses(Host)[0], Port);
        }
        catch (SocketException e)
        {
            throw new UsageException($"The host '{Host}' is not known: {e.Message}.");
        }
    }
}
