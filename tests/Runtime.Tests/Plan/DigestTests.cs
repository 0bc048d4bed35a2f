using System.Security.Cryptography;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Tests.Plan;

public sealed class DigestTests
{
    private const int HeaderBytes = 4 + 4 + 32;

    [Fact]
    public void The_platform_computes_SHA_256_as_FIPS_180_4_says()
        => Assert.Equal("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD", Convert.ToHexString(SHA256.HashData("abc"u8)));

    [Fact]
    public void A_plans_identity_is_SHA_256_of_its_file_after_the_header()
    {
        byte[] file = PlanSerializer.Write(SamplePlans.EveryStep);
        Assert.Equal(SHA256.HashData(file.AsSpan(HeaderBytes)), SamplePlans.EveryStep.Hash.AsSpan().ToArray());
        Assert.Equal(file[8..HeaderBytes], SamplePlans.EveryStep.Hash.AsSpan().ToArray());
    }
}
