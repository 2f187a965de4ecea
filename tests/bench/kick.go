// kick.go ROOM USER REASON: one kick, the way a small tool in Go does it. It is what one_kick.py
// compares roomctl with: the same variables, a signature of its own, one request, the answer's
// ErrorCode in the exit code. Standard library only.
package main

import (
	"bytes"
	"compress/zlib"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

const expire = 3600

type body struct {
	RoomId             string
	MemberList_Account []string
	Reason             string
}

type answer struct {
	ActionStatus string
	ErrorCode    int
	ErrorInfo    string
	RequestId    string
}

// usersig makes a signature as TLSSigAPIv2 describes it.
func usersig(sdkappid int, identifier, key string, now int64) (string, error) {
	text := fmt.Sprintf("TLS.identifier:%s\nTLS.sdkappid:%d\nTLS.time:%d\nTLS.expire:%d\n",
		identifier, sdkappid, now, expire)
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	document, err := json.Marshal(map[string]any{
		"TLS.ver": "2.0", "TLS.identifier": identifier, "TLS.sdkappid": sdkappid,
		"TLS.expire": expire, "TLS.time": now,
		"TLS.sig": base64.StdEncoding.EncodeToString(mac.Sum(nil)),
	})
	if err != nil {
		return "", err
	}
	var packed bytes.Buffer
	writer := zlib.NewWriter(&packed)
	if _, err := writer.Write(document); err != nil {
		return "", err
	}
	if err := writer.Close(); err != nil {
		return "", err
	}
	text = base64.StdEncoding.EncodeToString(packed.Bytes())
	return strings.NewReplacer("+", "*", "/", "-", "=", "_").Replace(text), nil
}

// trust is the certificate authority that the sandbox names, or those of the system.
func trust() (*tls.Config, error) {
	file := os.Getenv("ROOMCTL_CA_FILE")
	if file == "" {
		return &tls.Config{}, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s: no certificate", file)
	}
	return &tls.Config{RootCAs: roots}, nil
}

func kick(room, user, reason string) (*answer, error) {
	sdkappid, err := strconv.Atoi(os.Getenv("ROOMCTL_SDKAPPID"))
	if err != nil {
		return nil, err
	}
	identifier := os.Getenv("ROOMCTL_IDENTIFIER")
	signature, err := usersig(sdkappid, identifier, os.Getenv("ROOMCTL_SECRET_KEY"), time.Now().Unix())
	if err != nil {
		return nil, err
	}
	query := url.Values{
		"sdkappid": {strconv.Itoa(sdkappid)}, "identifier": {identifier}, "usersig": {signature},
		"random": {strconv.Itoa(int(rand.Int31()))}, "contenttype": {"json"},
	}
	text, err := json.Marshal(body{room, []string{user}, reason})
	if err != nil {
		return nil, err
	}
	config, err := trust()
	if err != nil {
		return nil, err
	}
	client := http.Client{
		Timeout:   10 * time.Second,
		Transport: &http.Transport{TLSClientConfig: config, Proxy: http.ProxyFromEnvironment},
	}
	address := os.Getenv("ROOMCTL_ENDPOINT") + "/v4/room_engine_http_srv/kick_user_out?" + query.Encode()
	response, err := client.Post(address, "application/json", bytes.NewReader(text))
	var failed *url.Error
	if errors.As(err, &failed) {
		// Without the URL, which has the signature in it.
		err = failed.Err
	}
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err = io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return nil, err
	}
	said := &answer{}
	return said, json.Unmarshal(text, said)
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: kick ROOM USER REASON")
		os.Exit(2)
	}
	said, err := kick(os.Args[1], os.Args[2], os.Args[3])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("%s %d %s %s\n", said.ActionStatus, said.ErrorCode, said.ErrorInfo, said.RequestId)
	if said.ErrorCode != 0 {
		os.Exit(1)
	}
}
