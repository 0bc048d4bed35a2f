using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PrivateInference.Runtime.Hosting;

/// <summary>Certificates that a server presents.</summary>
public static class ServerCertificate
{
    /// <summary>Reads a certificate and its private key from PEM files.</summary>
    /// <exception cref="CryptographicException">The files do not hold a certificate and the key that belongs to it.</exception>
    public static X509Certificate2 Load(string certificatePath, string keyPath)
        => Exportable(X509Certificate2.CreateFromPemFile(certificatePath, keyPath));

    /// <summary>
    /// A self-signed certificate for this machine's loopback names, valid for a day. Its key never leaves the process;
    /// the client trusts it by being handed the certificate.
    /// </summary>
    public static X509Certificate2 CreateForLoopback()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=onnx2mpc loopback", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddMinutes(-5), now.AddDays(1));
        return Exportable(certificate);
    }

    // TLS on Windows cannot use an ephemeral key; a PKCS#12 round trip gives one that every platform accepts.
    private static X509Certificate2 Exportable(X509Certificate2 certificate)
        => X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
}
